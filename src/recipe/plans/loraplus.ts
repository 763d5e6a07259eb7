import { isGrouped } from './group-changes';
import type { PlanId } from './plan';
import type { Situation } from './situation';

/** Whether a plan adds LoRA+ to a run without it. */
function introducesRatio(plan: PlanId, situation: Situation): boolean {
  const { trains, ratioPower, recipe } = situation;
  const isSplit = plan === 'keep-init' || plan === 'keep-b';
  return (
    isSplit && !isGrouped(plan, situation) && trains === 'both' && ratioPower !== 0 && recipe.loraplusLrRatio === null
  );
}

/** Whether the trainer would then ignore the recipe's weight decay. */
export function losesDecay(plan: PlanId, situation: Situation): boolean {
  const { support, recipe } = situation;
  const drops = support.loraplus?.dropsDecay === true && introducesRatio(plan, situation);
  return drops && (recipe.optimizer.weightDecay ?? 0) !== 0;
}
