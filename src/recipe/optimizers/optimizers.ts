import type { OptimizerRow } from './optimizer-row';
import { ADAM_ROWS, ADAM_VARIANT_ROWS, MEAN_SQUARE_ROWS, SIGN_ROWS } from './rows/adam';
import { FACTORED_ROWS } from './rows/factored';
import { GRADIENT_ROWS } from './rows/gradient';
import { MATRIX_ROWS } from './rows/matrix';
import { DISTANCE_ROWS, NO_RULE_ROWS, OWN_RATE_ROWS } from './rows/own-rate';
import { SCHEDULE_FREE_ROWS } from './rows/schedule-free';
import { TRUST_RATIO_ROWS, UPDATE_NORM_ROWS } from './rows/weight-norm';

/**
 * THE table: one row an optimizer. To add one, add an entry to the file of its family; the compiler then asks for its step
 * function in src/experiment/optimizers/by-row.ts.
 */
const ROWS = {
  ...GRADIENT_ROWS,
  ...ADAM_ROWS,
  ...MEAN_SQUARE_ROWS,
  ...ADAM_VARIANT_ROWS,
  ...SCHEDULE_FREE_ROWS,
  ...SIGN_ROWS,
  ...FACTORED_ROWS,
  ...TRUST_RATIO_ROWS,
  ...UPDATE_NORM_ROWS,
  ...DISTANCE_ROWS,
  ...OWN_RATE_ROWS,
  ...MATRIX_ROWS,
};

/** The id of every row. */
export type OptimizerId = keyof typeof ROWS | keyof typeof NO_RULE_ROWS;

/** All rows with a rule, in the order of the docs. */
export const OPTIMIZER_ROWS: readonly OptimizerRow[] = Object.values(ROWS);

/** Rows without a rule: their runs can be trained and measured. */
export const ROWS_WITHOUT_RULE: readonly OptimizerRow[] = Object.values(NO_RULE_ROWS);

const BY_ID: ReadonlyMap<string, OptimizerRow> = new Map(
  [...OPTIMIZER_ROWS, ...ROWS_WITHOUT_RULE].map((row) => [row.id, row]),
);

/** The row assumed for a config without an optimizer; a caveat says so. */
const ASSUMED_ROW = 'adamw';

/** The row of a recipe's optimizer; undefined if the optimizer has a name but no row. */
export const rowFor = ({ name, row }: { name: string | null; row: string | null }): OptimizerRow | undefined =>
  optimizerRow(row ?? (name === null ? ASSUMED_ROW : null));

/** The row with this id, or undefined. */
export const optimizerRow = (id: string | null): OptimizerRow | undefined => (id === null ? undefined : BY_ID.get(id));
