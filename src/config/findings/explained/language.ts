import * as l10n from '@vscode/l10n';
import type { Explanation } from './explanation';

/** Findings about trainers of language models that read config files. */
export const LANGUAGE = {
  'adapts-nothing': {
    title: l10n.t('No layer gets LoRA'),
    text: l10n.t(
      'Every switch that adds LoRA to a kind of layer is off, so there is nothing to train. Turn one on, such as the query and value projections.',
    ),
  },
  'alpha-by-version': {
    title: l10n.t('What alpha means depends on the version of the trainer'),
    text: l10n.t(
      'Two versions of the trainer compute different scalings from this file, and so train differently with the same learning rate. The message says what each version does, and which version LoRA Alpha follows. Set the number that both versions read alike.',
    ),
  },
  'clip-null-clips': {
    title: l10n.t('This does not turn gradient clipping off'),
    text: l10n.t(
      'The trainer uses its default threshold if the whole setting is null. Set the threshold itself to null to turn clipping off. Without clipping, other alphas are also exact where the threshold would have clipped at another point.',
    ),
  },
  'key-missing': {
    title: l10n.t('A key without a default is missing'),
    text: l10n.t(
      'The group of keys in the file replaces the whole default group, so the other defaults of that group are gone. The trainer stops at the missing key. Set it.',
    ),
  },
  'key-not-read': {
    title: l10n.t('The trainer does not read this key here'),
    text: l10n.t(
      'The trainer reads this number from another place of the file. It ignores the key here and uses the default. Move the key, or remove it.',
    ),
  },
  'null-as-text': {
    title: l10n.t('An empty value reaches the trainer as the word None'),
    text: l10n.t(
      'The trainer turns the file into a command line, where every value is a string. The string None is not a number, so the run stops. Remove the line to use the default.',
    ),
  },
  'scale-missing': {
    title: l10n.t('The key scale is missing, and the trainer stops without it'),
    text: l10n.t(
      'mlx-lm reads scale from the LoRA parameters and has no default for it once that block exists. An alpha does not replace it. Set scale: it is the scaling itself in every version of mlx-lm since 0.14.2.',
    ),
  },
  'second-rate': {
    title: l10n.t('Some LoRA factors have their own learning rate'),
    text: l10n.t(
      'Parameters whose names contain certain words train at another learning rate. Both learning rates must change by the same factor, and a plan changes both.',
    ),
  },
} satisfies Record<string, Explanation>;
