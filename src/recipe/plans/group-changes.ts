import type { Gauge } from '../gauge';
import { lawOf } from '../notation';
import { lrPower } from '../optimizers/optimizer-row';
import { constantNow } from './changes';
import type { Change, Field, PlanId } from './plan';
import type { Situation } from './situation';

/**
 * Whether code gives the changing factor its own numbers. All other parameters then keep theirs: the other factor,
 * DoRA's magnitudes, whole modules, biases.
 */
export function isGrouped(plan: PlanId, { support, trains }: Pick<Situation, 'support' | 'trains'>): boolean {
  return support.groups !== undefined && trains === 'both' && (plan === 'keep-init' || plan === 'keep-b');
}

/** The factor that changes while the other one is kept. */
export function movingFactor({ p }: Gauge): 'A' | 'B' {
  return p === 0 ? 'B' : 'A';
}

/**
 * The new numbers of the factor that takes all of k. Code multiplies them, so they are not rounded.
 * @param powers the plan's gauge as powers of k
 */
export function groupChanges({ recipe, row, k, support }: Situation, powers: Gauge): Change[] {
  const own = (field: Field, from: number | null, power: number): Change[] => {
    if (power === 0 || from === 0 || !support.groups?.has(field)) return [];
    const factor = k ** power;
    const exact = from === null ? null : from * factor;
    return [{ field, of: movingFactor(powers), from, exact, written: exact, factor, law: lawOf(power) }];
  };
  return [
    ...own('learningRate', recipe.learningRate, row.rate === 'fixed' ? 0 : lrPower(row)),
    ...own('weightDecay', recipe.optimizer.weightDecay, row.decayPower),
    ...row.constants.flatMap((moving) => own(moving.constant, constantNow(recipe, moving), moving.power)),
  ];
}

/** Whether a plan adds LoRA+ to a run without it. */
function introducesRatio(plan: PlanId, situation: Situation): boolean {
  const { trains, row, recipe } = situation;
  const keepsOne = plan === 'keep-init' || plan === 'keep-b';
  const hasOneRate = trains === 'both' && recipe.loraplusLrRatio === null;
  return keepsOne && !isGrouped(plan, situation) && hasOneRate && lrPower(row) !== 0;
}

/** Whether the trainer would then ignore the recipe's weight decay. */
export function losesDecay(plan: PlanId, situation: Situation): boolean {
  const { support, recipe } = situation;
  const drops = support.loraplus?.dropsDecay === true && introducesRatio(plan, situation);
  return drops && (recipe.optimizer.weightDecay ?? 0) !== 0;
}
