import type { Explanation } from './explanation';

/** Findings about how a file is written. */
export const FILE = {
  'alias-bomb': {
    title: 'Aliases make the file endless',
    text: 'Its YAML aliases and merge keys lead to each other so often that whoever follows them all never comes to an end. It is left alone. A trainer that reads it may run out of memory.',
  },
  'config-file': {
    title: 'The command reads a config file besides',
    text: 'Its flags override what stands in that file, and whatever no flag says comes from there: nothing is assumed in its place. A number that moves with alpha and stands in that file has to be changed there. Open the file to see the whole run.',
  },
  'environment-default': {
    title: 'The environment may have another value',
    text: 'The expression takes an environment variable, and the number in the file only where there is none. What is read here is the number in the file. Make sure that the variable is not set where the run starts, or write the number out.',
  },
  'arguments-added': {
    title: 'Arguments of the script are added to the command',
    text: 'The command ends with what the script itself is given (`"$@"`, `%*`, `@args`). The file does not say what that is, so the command is read without it. A flag that you pass wins over the same flag in the file: read, plan and check with the flags you use written into the file.',
  },
  'branch-not-taken': {
    title: 'Lines do not run with the defaults',
    text: 'A branch of the script depends on an option, or on an argument of a function, and its default leaves the branch out. What LoRA Alpha says of the run holds for the default. Those lines do something that was not understood, such as loading a saved state: if you give the option another value, look at them first.',
  },
  'default-may-change': {
    title: 'The command line may have another value',
    text: 'The number is the default of an option of the script, or of an argument of a function, and is read as the value of the run. A value given when the script is started wins: compare with the command you use, or with the call.',
  },
  'flags-cut-off': {
    title: 'Some flags do not reach the program',
    text: 'A comment between the lines of a command ends it, even behind a backslash, and so does a line that does not end with one. The flags below are taken for another command, which the shell does not find. Move the comment above the command, or mend the line end.',
  },
  'key-twice': {
    title: 'A key stands twice',
    text: 'Most readers take the last one without a word, some stop. Take one of them out.',
  },
  'not-understood': {
    title: 'A part of this file was not understood',
    text: 'It can reach the LoRA parameters: an optimizer or scheduler that is handed over, a key that is not known, a number that is set later. A plan is then exact for what was read, and no more. Where it may hold a number that has to move, nothing is written. Look at the line: if it changes nothing about LoRA, its learning rates, its optimizer or its clipping, the plan holds.',
  },
  'number-as-text': {
    title: 'A number in quotes reaches the trainer as text',
    text: 'This trainer hands the text on where a number is needed, and the run stops. Take the quotes away; what `oc.env` brings is always a text, which `oc.decode` around it makes a number.',
  },
  'number-without-dot': {
    title: 'PyYAML reads this number as text',
    text: 'YAML 1.1, which PyYAML follows, wants a dot and a signed exponent in a number with an exponent: `1e-4` is text, `1.0e-4` is a number. Newer versions of the trainer convert it, older ones stop.',
  },
  'other-adapter': {
    title: 'This is not LoRA, but another kind of adapter',
    text: 'It has no alpha that scales as that of LoRA does, so nothing here applies to it.',
  },
  'several-documents': {
    title: 'The file holds several YAML documents',
    text: 'A line `---` begins another document, even where nothing follows it. Trainers load one document a file (`yaml.safe_load`, `OmegaConf.load`) and stop at the second. Each is read here as a run of its own; for the trainer, put each into a file of its own, or take the line out.',
  },
  syntax: {
    title: 'The file cannot be read',
    text: 'The trainer would stop at the same place. The message says what is expected there.',
  },
  'too-deep': {
    title: 'Maps and lists stand too deep in each other',
    text: 'No config of a trainer nests like this, and most readers give up on it. The file is left alone.',
  },
  'too-long': {
    title: 'The file is too long to be a config',
    text: 'Reading it at every keystroke would make the editor wait, so it is left alone.',
  },
  'value-elsewhere': {
    title: 'A value stands outside this file',
    text: 'It comes from the command line, the environment, or code that is not executed here, so it is not known. Nothing is assumed in its place. A plan says by which factor it has to move.',
  },
  'value-invalid': {
    title: 'A value cannot be used',
    text: 'The message says what it is and what would be right. The recipe is left out until it is mended.',
  },
  'value-loop': {
    title: 'A value refers to itself',
    text: 'Following its references comes back to where it began, so the trainer stops. Write the number out at one of them.',
  },
  'value-in-loop': {
    title: 'A loop runs the command with several values',
    text: 'Each turn of the loop is a run of its own, so there is no one value to read or to change. Write one command out to see and change it.',
  },
} satisfies Record<string, Explanation>;
