import type { OptimizerRow } from '../recipe/optimizer-row';
import type { Field, PlanId } from '../recipe/plans';

const DECAY: Readonly<Record<OptimizerRow['decay'], string>> = {
  decoupled: 'Each step shrinks the weights by rate × decay; the rate moved, so the decay moves against it.',
  coupled: 'The decay is added to the gradient, and gradient and weights change their units in opposite directions.',
  none: 'This optimizer has no decay.',
};

/** One sentence for a newcomer: why this number moves in this plan. */
export function reasonFor(field: Field, plan: PlanId, row: OptimizerRow): string {
  switch (field) {
    case 'useRslora':
      return 'The rule you asked for: with rank stabilisation the scaling is alpha/√r, not alpha/r.';
    case 'loraplusLrRatio':
      return 'A starts as before and keeps its rate; B alone meets the new scaling, so B alone needs another rate.';
    case 'alpha':
      return 'The alpha you asked for; the scaling grows with it.';
    case 'learningRate':
      return plan === 'symmetric'
        ? row.why
        : 'Keeps how fast B·A grows early on; A itself no longer learns at its old pace.';
    case 'weightDecay':
      return DECAY[row.decay];
    case 'eps':
      return 'It is added to the size of the gradient, and the gradient grows by √k.';
    case 'maxGradNorm':
      return 'The norm of the gradient grows by √k, so the threshold must too, or clipping sets in at another point.';
    case 'epsRms':
    case 'stepMin':
    case 'stepMax':
    case 'd0':
    case 'trustCap':
      return 'It is measured in the units of the weights, and the weights shrink by √k.';
    case 'initialAccumulator':
    case 'tensorClip':
    case 'lambd':
    case 'gamma':
      return 'It has a unit of the gradient or of the weights, and both change with the scaling.';
    case 'maxRate':
    case 'minRate':
    case 'rateBump':
      return 'It is a learning rate as well, and moves as the learning rate does.';
    case 'init':
      return 'The scaling grows by k and the init of A shrinks by √k, so that gradients and weights fit each other again.';
  }
}

/** Why another network's alpha moves too. */
export const SAME_K = 'All scalings of the run must move by the same factor, because they share one learning rate.';

/** Why another rate moves too. */
export const SAME_RATE = 'A rate of its own, not a share of the learning rate: it moves by the same factor.';
