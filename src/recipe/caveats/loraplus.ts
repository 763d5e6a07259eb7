import * as l10n from '@vscode/l10n';
import { lrPower } from '../optimizers/optimizer-row';
import { losesDecay } from '../plans/group-changes';
import type { CaveatRule } from './caveat-rule';

/** Side effects of a LoRA+ ratio in the trainer. */
export const LORAPLUS_CAVEATS: readonly CaveatRule[] = [
  {
    code: 'loraplus-drops-decay',
    limits: 'approximate',
    applies: (p) => losesDecay(p.plan, p),
    message: ({ recipe }) =>
      l10n.t`With a LoRA+ ratio this trainer ignores weight decay, so the decay of ${recipe.optimizer.weightDecay ?? ''} would be off.`,
  },
  {
    code: 'loraplus-ratio-stays',
    applies: ({ plan, recipe }) => plan === 'symmetric' && recipe.loraplusLrRatio !== null,
    message: () => l10n.t('The LoRA+ ratio stays: A and B shrink alike, so their learning rates change alike.'),
  },
  {
    code: 'loraplus-below-one',
    applies: ({ plan, trains, row, recipe, k, grouped }) =>
      plan === 'keep-init' &&
      !grouped &&
      trains === 'both' &&
      lrPower(row) !== 0 &&
      (recipe.loraplusLrRatio ?? 1) * k ** lrPower(row) < 1,
    message: () =>
      l10n.t(
        'A LoRA+ ratio below 1 is unusual, because B then learns more slowly than A. Here it compensates for the larger alpha.',
      ),
  },
];
