import type { Exactness } from './caveat';
import type { PlanId } from '../plans/plan';
import type { Situation } from '../plans/changes';

/** Everything that caveats know of a plan. */
export interface PlanFacts extends Situation {
  plan: PlanId;
  /** Power of k for numbers that A and B share; null if they would need two different numbers. */
  shared: number | null;
  /** Code gives one factor its own numbers, and nothing else changes. */
  grouped: boolean;
}

/** A caveat: when it applies, and its text. */
export interface CaveatRule {
  code: string | ((facts: PlanFacts) => string);
  /** The exactness that it limits a plan to, usually `approximate`; null if it is only worth knowing. */
  limits?: Exactness | null | ((facts: PlanFacts) => Exactness);
  applies: (facts: PlanFacts) => boolean;
  message: string | ((facts: PlanFacts) => string);
}

/** Whether the gradients of A and B grow differently, so that a shared number can be right for only one of them. */
export function needsTwoNumbers({ plan, shared }: PlanFacts): boolean {
  return plan !== 'lr-only' && shared === null;
}

/** Whether gradients are clipped by their global norm. */
export function isClipped({ recipe }: Pick<PlanFacts, 'recipe'>): boolean {
  return (recipe.maxGradNorm ?? 0) !== 0;
}

/** Whether gradients are clipped element by element. */
export function isClippedByValue({ recipe }: Pick<PlanFacts, 'recipe'>): boolean {
  return (recipe.maxGradValue ?? 0) !== 0;
}
