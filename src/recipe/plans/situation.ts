import { initFacts, type InitFacts } from '../init/facts';
import { lrPower, type OptimizerRow } from '../optimizers/optimizer-row';
import type { Knobs } from './plan';
import type { Recipe } from '../recipe';
import type { Destination } from '../target';

/** The input of a plan. */
export interface Situation {
  recipe: Recipe;
  row: OptimizerRow;
  destination: Destination;
  /** New scaling / old scaling. */
  k: number;
  knobs: Knobs;
  /** Significant digits of written numbers. */
  digits: number;
  init: InitFacts;
  /** The trained factors. */
  trains: 'both' | 'A' | 'B';
  /** Power of k in the LoRA+ ratio if A is kept; 0 if B needs no separate rate. */
  ratioPower: number;
  /** Whether A and B can have separate rates, or need none. */
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
