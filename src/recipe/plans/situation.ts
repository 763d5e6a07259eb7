import { initFacts, type InitFacts } from '../init/facts';
import { lrPower, type OptimizerRow } from '../optimizers/optimizer-row';
import type { Knobs } from './plan';
import type { Recipe } from '../recipe';
import type { Destination } from '../target';

/** Everything a plan is computed from. */
export interface Situation {
  recipe: Recipe;
  row: OptimizerRow;
  destination: Destination;
  /** Factor of the scaling. */
  k: number;
  knobs: Knobs;
  /** Significant digits of what will be written. */
  digits: number;
  init: InitFacts;
  /** The factors that learn. */
  trains: 'both' | 'A' | 'B';
  /** Power of k by which the LoRA+ ratio moves in the gauge that keeps A; 0 where B needs no rate of its own. */
  ratioPower: number;
  /** Whether A and B can be given rates of their own, or need none. */
  canSplit: boolean;
}

export function situationOf(
  recipe: Recipe,
  row: OptimizerRow,
  destination: Destination,
  knobs: Knobs,
  digits: number,
): Situation {
  const init = initFacts(recipe);
  const ratioPower = lrPower(row);
  const hasRates = row.rate !== 'fixed' && (knobs.settable.has('loraplusLrRatio') || knobs.groups !== undefined);
  return {
    recipe,
    row,
    destination,
    k: destination.k,
    knobs,
    digits,
    init,
    trains: init.trains ?? (row.frozen === 'A' ? 'B' : 'both'),
    ratioPower,
    canSplit: row.gauges !== 'symmetric' && init.scaling !== 'divides' && (ratioPower === 0 || hasRates),
  };
}
