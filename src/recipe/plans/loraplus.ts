import { lrPower } from '../optimizers/optimizer-row';
import { isGrouped } from './group-changes';
import type { PlanId } from './plan';
import type { Situation } from './situation';

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
