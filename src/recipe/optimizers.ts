import type { OptimizerRow } from './optimizer-row';
import { ADAM_ROWS } from './optimizer-rows/adam';
import { ADAM_VARIANT_ROWS } from './optimizer-rows/adam-variants';
import { DISTANCE_ROWS } from './optimizer-rows/distance';
import { FACTORED_ROWS } from './optimizer-rows/factored';
import { GRADIENT_ROWS } from './optimizer-rows/gradient';
import { MATRIX_ROWS } from './optimizer-rows/matrix';
import { MEAN_SQUARE_ROWS } from './optimizer-rows/mean-square';
import { SCHEDULE_FREE_ROWS } from './optimizer-rows/schedule-free';
import { OWN_RATE_ROWS } from './optimizer-rows/own-rate';
import { SIGN_ROWS } from './optimizer-rows/sign';
import { TRUST_RATIO_ROWS } from './optimizer-rows/trust-ratio';

/** THE table: one row an optimizer. Adding one is one entry in optimizer-rows/. */
const ROWS: readonly OptimizerRow[] = [
  ...GRADIENT_ROWS,
  ...ADAM_ROWS,
  ...MEAN_SQUARE_ROWS,
  ...ADAM_VARIANT_ROWS,
  ...SCHEDULE_FREE_ROWS,
  ...SIGN_ROWS,
  ...FACTORED_ROWS,
  ...TRUST_RATIO_ROWS,
  ...DISTANCE_ROWS,
  ...OWN_RATE_ROWS,
  ...MATRIX_ROWS,
];

const BY_ID: ReadonlyMap<string, OptimizerRow> = new Map(ROWS.map((row) => [row.id, row]));

/** All rows, in the order they are documented. */
export function optimizerRows(): readonly OptimizerRow[] {
  return ROWS;
}

/** The row with this id, or undefined when we know no rule for the optimizer. */
export function optimizerRow(id: string | null): OptimizerRow | undefined {
  return id === null ? undefined : BY_ID.get(id);
}
