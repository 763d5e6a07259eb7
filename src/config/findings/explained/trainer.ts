import * as l10n from '@vscode/l10n';
import type { Explanation } from './explanation';

/** Findings about the behaviour of single trainers. */
export const TRAINER = {
  'argument-gone': {
    title: l10n.t('The assumed version of the trainer refuses this argument'),
    text: l10n.t(
      'Defaults and names are those of one version, which the finding names. That version stops on this file; an older version runs it as LoRA Alpha reads it. Rename the argument when you update.',
    ),
  },
  'clip-key-by-version': {
    title: l10n.t('The key of max grad norm depends on the version'),
    text: l10n.t(
      'Older and newer versions of the trainer read different keys, and each ignores the key of the other. If both are set, only one of them clips. Keep the key of your version, or set both to the same number.',
    ),
  },
  'layout-removed': {
    title: l10n.t('Current versions of the trainer refuse this layout'),
    text: l10n.t(
      'LoRA Alpha reads the file as the version it was written for. Newer versions stop on its keys and name their replacements.',
    ),
  },
  'numbers-in-name': {
    title: l10n.t('A name repeats numbers of the run'),
    text: l10n.t(
      'A rewrite changes numbers, not names. Two runs with one name are confused in logs, and one may overwrite the checkpoints of the other: choose a new name.',
    ),
  },
  'rank-per-expert': {
    title: l10n.t('Experts have their own rank'),
    text: l10n.t(
      'The rank of the experts is divided by the number of active experts, so their scaling is larger by that number. All scalings still change by one factor when alpha changes, so a plan holds for all of them. The scaling shown is that of the other layers.',
    ),
  },
  'rate-groups': {
    title: l10n.t('Some parameters have their own learning rate'),
    text: l10n.t(
      'Their learning rates are multiples of the learning rate and change with it. A group for B alone is the same as LoRA+.',
    ),
  },
  'redrawn-factors': {
    title: l10n.t('The factors are drawn again during the run'),
    text: l10n.t(
      'ReLoRA merges B·A into the weights at each restart and draws a new A with the size of a fresh init. A plan that divides the init needs that division at each restart, but its code runs once. The plan that keeps the init needs none.',
    ),
  },
  'scaling-in-bf16': {
    title: l10n.t('The scaling is kept in bfloat16'),
    text: l10n.t(
      'A bfloat16 has eight bits, about three digits. alpha/rank is rounded unless bfloat16 holds it exactly, as it does every power of two. Two runs that should be the same can then differ by up to 0.4 % in their scaling.',
    ),
  },
} satisfies Record<string, Explanation>;
