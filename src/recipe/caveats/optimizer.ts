import { gaugeOf, isEven } from '../gauge';
import { lrPower } from '../optimizers/optimizer-row';
import type { CaveatRule, Planned } from './caveat-rule';

/** The plan changes the learning rate alone, by a known rule. */
const isRateAlone = ({ plan, row }: Planned): boolean => plan === 'lr-only' && row.rule !== 'none';
/** The init follows the scaling by itself, or only one factor trains. */
const keepsBoth = ({ trains, init }: Planned): boolean => trains !== 'both' || init.scaling === 'divides';

/** Limits from the optimizer, and limits of changing the learning rate alone. */
export const OPTIMIZER_CAVEATS: readonly CaveatRule[] = [
  {
    code: 'keeps-reach-only',
    limits: 'approximate',
    applies: (p) => isRateAlone(p) && !keepsBoth(p),
    message: () => 'One rate cannot keep both what A does and what B does; this one keeps B. What is lost is measured.',
  },
  {
    code: 'constants-stay',
    limits: 'approximate',
    applies: (p) => isRateAlone(p) && keepsBoth(p),
    message: () => 'The rate is the right one; what is lost is what the other numbers, left alone, do to the run.',
  },
  {
    code: 'rate-fixed',
    limits: 'approximate',
    applies: ({ row }) => row.rate === 'fixed' && lrPower(row) !== 0,
    message: ({ row }) =>
      `${row.title} sets its own learning rate and takes none, so the rate cannot move with the scaling; give it one (relative_step=False).`,
  },
  {
    code: 'one-rate-only',
    limits: 'approximate',
    applies: ({ row, recipe }) => row.gauges === 'symmetric' && (recipe.loraplusLrRatio ?? 1) !== 1,
    message: ({ row }) =>
      `${row.title} stops where A and B have different learning rates, as this LoRA+ ratio gives them.`,
  },
  {
    code: 'steps-in-bfloat16',
    limits: 'approximate',
    applies: ({ row, plan, k }) => row.rounds === true && plan !== 'lr-only' && !isEven(gaugeOf(plan, k)),
    message: ({ row }) =>
      `${row.title} computes its step in bfloat16, and gradients that grow by no power of two are rounded otherwise: about 1 % of the trained weights. At k = 4 or 1/4 the symmetric plan is exact.`,
  },
  {
    // The row has its own reason.
    code: ({ row }) => row.limit?.code ?? 'optimizer-not-exact',
    limits: ({ row }) => row.exactness,
    applies: ({ row }) => row.exactness !== 'exact',
    message: ({ row }) => row.limit?.message ?? `No numbers make a run under ${row.title} exactly the same.`,
  },
  {
    code: 'optimizer-unstated',
    applies: ({ recipe }) => recipe.optimizer.name === null,
    message: () => 'This file names no optimizer; the factors are those of AdamW. Under SGD the rate would move by k.',
  },
];
