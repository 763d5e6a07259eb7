import { isGrouped } from './group-changes';
import type { PlanId } from './plan';
import type { Situation } from './situation';

/** Whether a plan brings LoRA+ into a run that had none. */
export function introducesRatio(plan: PlanId, situation: Situation): boolean {
  const { trains, ratioPower, recipe } = situation;
  const isSplit = plan === 'keep-init' || plan === 'keep-b';
  return (
    isSplit && !isGrouped(plan, situation) && trains === 'both' && ratioPower !== 0 && recipe.loraplusLrRatio === null
  );
}

/** Whether the trainer then trains without the weight decay that the recipe has. */
export function losesDecay(plan: PlanId, situation: Situation): boolean {
  const { knobs, recipe } = situation;
  const drops = knobs.loraplus?.dropsDecay === true && introducesRatio(plan, situation);
  return drops && (recipe.optimizer.weightDecay ?? 0) !== 0;
}
