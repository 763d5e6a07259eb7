import type { OptimizerRow } from './row';
import { ADAM_ROWS } from './adam';
import { ADAM_VARIANT_ROWS } from './adam-variants';
import { DISTANCE_ROWS } from './distance';
import { FACTORED_ROWS } from './factored';
import { GRADIENT_ROWS } from './gradient';
import { MATRIX_ROWS } from './matrix';
import { MEAN_SQUARE_ROWS } from './mean-square';
import { SCHEDULE_FREE_ROWS } from './schedule-free';
import { OWN_RATE_ROWS } from './own-rate';
import { SIGN_ROWS } from './sign';
import { TRUST_RATIO_ROWS } from './trust-ratio';

/** THE table: one row an optimizer. Adding one is one entry in a file of this folder. */
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
