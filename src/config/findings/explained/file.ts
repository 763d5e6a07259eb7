import * as l10n from '@vscode/l10n';
import type { Explanation } from './explanation';

/** Findings about how a file is written. */
export const FILE = {
  'alias-bomb': {
    title: l10n.t('YAML aliases expand without end'),
    text: l10n.t(
      'The YAML aliases and merge keys of this file refer to each other so often that expanding them never ends. LoRA Alpha does not read the file. A trainer that reads it may run out of memory.',
    ),
  },
  'config-file': {
    title: l10n.t('The command also reads a config file'),
    text: l10n.t(
      'Flags override the values of that config file. Values that no flag sets come from there, so LoRA Alpha assumes no default for them. If a number that a plan changes is in that file, change it there. Open the file to see the whole run.',
    ),
  },
  'arguments-added': {
    title: l10n.t('Arguments of the script are added to the command'),
    text: l10n.t(
      'The command ends with the arguments of the script itself (`"$@"`, `%*`, `@args`). The file does not contain them, so LoRA Alpha reads the command without them. A flag that you pass overrides the same flag in the file: write the flags you use into the file to read, plan and check with them.',
    ),
  },
  'branch-not-taken': {
    title: l10n.t('Some lines do not run with the defaults'),
    text: l10n.t(
      'A branch of the script depends on an option or on an argument of a function, and the default skips the branch. LoRA Alpha describes the run with the default. The skipped lines do something that was not understood, such as loading a saved state. Look at them before you give the option another value.',
    ),
  },
  'default-may-change': {
    title: l10n.t('The command line may override this value'),
    text: l10n.t(
      'The number is the default of an option of the script, or of an argument of a function. LoRA Alpha reads it as the value of the run. A value given when the script starts overrides it: compare with the command you use, or with the call of the function.',
    ),
  },
  'format-not-read': {
    title: l10n.t('LoRA Alpha does not read this format'),
    text: l10n.t('The file belongs to a trainer that LoRA Alpha does not read, so no plan is made for it.'),
  },
  'flags-cut-off': {
    title: l10n.t('Some flags do not reach the program'),
    text: l10n.t(
      'A comment between the lines of a command ends the command, even after a backslash. A line without a backslash at its end also ends the command. The shell reads the flags below as another command, which it does not find. Move the comment above the command, or fix the line end.',
    ),
  },
  'key-twice': {
    title: l10n.t('A key is set twice'),
    text: l10n.t('Most readers silently use the last one, some stop. Remove one of them.'),
  },
  'not-understood': {
    title: l10n.t('A part of this file was not understood'),
    text: l10n.t(
      'That part can reach the LoRA parameters: an optimizer or scheduler object that is passed in, an unknown key, a number that is set later. A plan is then exact only for what was read. If that part may hold a number that has to change, LoRA Alpha does not write to the file. Look at the line: if it changes nothing about LoRA, its learning rates, its optimizer or its clipping, the plan holds.',
    ),
  },
  'number-as-text': {
    title: l10n.t('A number in quotes reaches the trainer as a string'),
    text: l10n.t('This trainer passes the string on where a number is needed, and the run stops. Remove the quotes.'),
  },
  'number-without-dot': {
    title: l10n.t('PyYAML reads this number as a string'),
    text: l10n.t(
      'PyYAML follows YAML 1.1, where a number with an exponent needs a dot and a signed exponent: `1e-4` is a string, `1.0e-4` is a number. Newer versions of the trainer convert the string, older ones stop.',
    ),
  },
  'other-adapter': {
    title: l10n.t('This adapter is not LoRA'),
    text: l10n.t('This kind of adapter has no alpha that scales as in LoRA, so nothing here applies to it.'),
  },
  syntax: {
    title: l10n.t('The file has a syntax error'),
    text: l10n.t(
      "What reads the trainer's files stops here, and the message has its own words. Some errors are not in the format but in the reader: Python's json takes no comments, PyYAML no tabs and no tag it does not know.",
    ),
  },
  'too-deep': {
    title: l10n.t('Maps and lists are nested too deeply'),
    text: l10n.t(
      'No config of a trainer nests this deeply, and most readers fail on it. LoRA Alpha does not read the file.',
    ),
  },
  'too-long': {
    title: l10n.t('The file is too long to be a config'),
    text: l10n.t('Reading it at every keystroke would slow the editor down, so LoRA Alpha does not read it.'),
  },
  'value-elsewhere': {
    title: l10n.t('A value is set outside this file'),
    text: l10n.t(
      'The value comes from the command line, the environment, or code that LoRA Alpha does not execute, so it is unknown. LoRA Alpha assumes no default for it. A plan says by which factor it has to change.',
    ),
  },
  'value-invalid': {
    title: l10n.t('A value is not valid'),
    text: l10n.t(
      'The message says what the value is and what would be valid. LoRA Alpha shows no recipe until the value is fixed.',
    ),
  },
  'value-in-loop': {
    title: l10n.t('A loop runs the command with several values'),
    text: l10n.t(
      'Each turn of the loop is a separate run, so there is no single value to read or to change. Write one command without the loop to see and change its value.',
    ),
  },
} satisfies Record<string, Explanation>;
