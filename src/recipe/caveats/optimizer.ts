import * as l10n from '@vscode/l10n';
import { gaugeOf, roundsNothing } from '../gauge';
import { lrPower } from '../optimizers/optimizer-row';
import { isRightForBoth } from '../plans/situation';
import type { CaveatRule, PlanFacts } from './caveat-rule';

/** The plan changes the learning rate alone, by a known rule. */
const isRateAlone = ({ plan, row }: PlanFacts): boolean => plan === 'lr-only' && !row.noRule;

/** Limits from the optimizer, and limits of changing the learning rate alone. */
export const OPTIMIZER_CAVEATS: readonly CaveatRule[] = [
  {
    code: 'keeps-reach-only',
    limits: 'approximate',
    applies: (p) => isRateAlone(p) && !isRightForBoth(p),
    message: () =>
      l10n.t(
        'One learning rate cannot be right for both A and B; this one is right for B. The experiment measures the difference.',
      ),
  },
  {
    code: 'constants-stay',
    limits: 'approximate',
    applies: (p) => isRateAlone(p) && isRightForBoth(p),
    message: () => l10n.t('The learning rate is right, but the other numbers would have to change too.'),
  },
  {
    code: 'rate-fixed',
    limits: 'approximate',
    applies: ({ row }) => row.rate === 'fixed' && lrPower(row) !== 0,
    message: ({ row }) =>
      l10n.t`${row.title} computes its own learning rate, so the learning rate cannot change with the scaling. Set one with relative_step=False.`,
  },
  {
    code: 'one-rate-only',
    limits: 'approximate',
    applies: ({ row, recipe }) => row.gauges === 'symmetric' && (recipe.loraplusLrRatio ?? 1) !== 1,
    message: ({ row }) =>
      l10n.t`${row.title} fails if A and B have different learning rates, as with this LoRA+ ratio.`,
  },
  {
    code: 'steps-in-bfloat16',
    limits: 'approximate',
    applies: ({ row, plan, k }) => row.rounds === true && plan !== 'lr-only' && !roundsNothing(gaugeOf(plan, k)),
    message: ({ row }) =>
      l10n.t`${row.title} computes its step in bfloat16, which rounds gradients differently unless they grow by a power of two: about 1 % of the trained weights. At k = 4 or 1/4 the symmetric plan is exact.`,
  },
  {
    // The row has its own reason.
    code: ({ row }) => row.limit?.code ?? 'optimizer-not-exact',
    limits: ({ row }) => row.exactness,
    applies: ({ row }) => row.exactness !== 'exact',
    message: ({ row }) => row.limit?.message ?? l10n.t`No numbers make a run under ${row.title} exactly the same.`,
  },
  {
    code: 'optimizer-unstated',
    applies: ({ recipe }) => recipe.optimizer.name === null,
    message: () =>
      l10n.t(
        'This file names no optimizer; the factors are those of AdamW. With SGD the learning rate would change by k.',
      ),
  },
];
