import * as l10n from '@vscode/l10n';
import type { Explanation } from './explanation';

/** Findings about the optimizer. */
export const OPTIMIZER = {
  'key-ignored': {
    title: l10n.t('This optimizer ignores a key'),
    text: l10n.t(
      'The trainer does not pass this number to the optimizer that the file names. Remove the key, or set the number where the optimizer reads it.',
    ),
  },
  'lion-decay-by-version': {
    title: l10n.t('What weight decay means for this Lion depends on its version'),
    text: l10n.t(
      'Some versions multiply the weight decay by the learning rate, others do not. In the first case the weight decay changes opposite to the learning rate, in the second case it stays. The plan follows the current version.',
    ),
  },
  'never-learns': {
    title: l10n.t('This optimizer never moves B from zero'),
    text: l10n.t(
      'The step is proportional to the size of the weights, and B starts at zero: LoRA does not learn. Choose another optimizer, or an init in which B is not zero.',
    ),
  },
  'optimizer-overruled': {
    title: l10n.t('Another key overrides the optimizer'),
    text: l10n.t('Two keys name an optimizer, and the trainer uses one of them. LoRA Alpha reads that one.'),
  },
  'optimizer-renamed': {
    title: l10n.t('The trainer uses another optimizer under this name'),
    text: l10n.t('In this trainer the name stands for another optimizer. LoRA Alpha reads the optimizer that trains.'),
  },
  'optimizer-stops': {
    title: l10n.t('This run stops'),
    text: l10n.t(
      'The optimizer raises an error on a value of this file, so there is no run to keep. The message says which values it accepts.',
    ),
  },
  'optimizer-unknown': {
    title: l10n.t('Unknown optimizer'),
    text: l10n.t(
      "Which learning rate keeps a run depends on how the optimizer's step grows with the gradient. For this optimizer that is unknown, so LoRA Alpha offers no plan. Choose a known optimizer, or measure with your own trainer.",
    ),
  },
  'optimizer-without-rule': {
    title: l10n.t('No learning rate makes another alpha the same run'),
    text: l10n.t(
      'The step of this optimizer does not grow as a power of the gradient, so there is no exact rule. The check measures what another alpha does.',
    ),
  },
} satisfies Record<string, Explanation>;
