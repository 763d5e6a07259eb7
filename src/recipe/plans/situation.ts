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
  /** Whether A and B can have separate rates, or need none. */
  canSplit: boolean;
}

/** Whether one learning rate is right for A and B: the init follows the scaling by itself, or only one factor trains. */
export function isRightForBoth({ trains, init }: Pick<Situation, 'trains' | 'init'>): boolean {
  return trains !== 'both' || init.scaling === 'divides';
}

export function situationOf(
  recipe: Recipe,
  row: OptimizerRow,
  destination: Destination,
  support: TrainerSupport,
  digits: number,
): Situation {
  const init = initFacts(recipe);
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
    canSplit: row.gauges !== 'symmetric' && init.scaling !== 'divides' && (lrPower(row) === 0 || hasRates),
  };
}
