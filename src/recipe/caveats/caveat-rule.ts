import type { Exactness } from './caveat';
import type { PlanId } from '../plans/plan';
import type { Situation } from '../plans/situation';

/** A plan in the making, as far as caveats look at it. */
export interface Planned extends Situation {
  plan: PlanId;
  /** Power of k by which what A and B share moves; null where they would need two numbers. */
  shared: number | null;
  /** Code gives the factor that moves numbers of its own, and nothing else moves. */
  grouped: boolean;
}

/** When something is to be said of a plan, and what. */
export interface CaveatRule {
  code: string | ((planned: Planned) => string);
  limits?: Exactness | ((planned: Planned) => Exactness);
  applies: (planned: Planned) => boolean;
  message: (planned: Planned) => string;
}

/** Whether A and B start in different gauges, so that a number they share fits one of them only. */
export function isSplit({ plan, shared }: Planned): boolean {
  return plan !== 'lr-only' && shared === null;
}

/** Whether gradients are clipped by their global norm. */
export function isClipped({ recipe }: Pick<Planned, 'recipe'>): boolean {
  return (recipe.maxGradNorm ?? 0) !== 0;
}

/** Whether gradients are clipped element by element. */
export function isClippedByValue({ recipe }: Pick<Planned, 'recipe'>): boolean {
  return (recipe.maxGradValue ?? 0) !== 0;
}
