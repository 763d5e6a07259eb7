import { initFacts, type InitFacts } from '../init/facts';
import { lrPower, type OptimizerRow } from '../optimizers/optimizer-row';
import type { TrainerSupport } from './plan';
import type { Recipe } from '../recipe';
import type { Destination } from '../target';

/** The input of a plan. */
export interface Situation {
  recipe: Recipe;
  row: OptimizerRow;
  destination: Destination;
  /** New scaling / old scaling. */
  k: number;
  support: TrainerSupport;
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
  support: TrainerSupport,
  digits: number,
): Situation {
  const init = initFacts(recipe);
  const ratioPower = lrPower(row);
  const hasRates = row.rate !== 'fixed' && (support.settable.has('loraplusLrRatio') || support.groups !== undefined);
  return {
    recipe,
    row,
    destination,
    k: destination.k,
    support,
    digits,
    init,
    trains: init.trains ?? (row.frozen === 'A' ? 'B' : 'both'),
    ratioPower,
    canSplit: row.gauges !== 'symmetric' && init.scaling !== 'divides' && (ratioPower === 0 || hasRates),
  };
}
