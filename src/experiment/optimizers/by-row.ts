import type { OptimizerId } from '../../recipe/optimizers/optimizers';
import { ADAM } from './adam';
import { ADAM_VARIANTS } from './adam-variants';
import { DADAPT } from './dadapt';
import { FACTORED } from './factored';
import { GRADIENT } from './gradient';
import { MATRIX } from './matrix';
import { NORM } from './norm';
import type { Optimizer } from './optimizer';
import { PRODIGY } from './prodigy';
import { PROJECTED } from './projected';
import { SCHEDULE_FREE } from './schedule-free';

/** The step function of every row of src/recipe/optimizers; a row without one does not compile. */
const BY_ROW: Readonly<Record<OptimizerId, Optimizer>> = {
  ...GRADIENT,
  ...ADAM,
  ...ADAM_VARIANTS,
  ...SCHEDULE_FREE,
  ...FACTORED,
  ...NORM,
  ...PRODIGY,
  ...DADAPT,
  ...MATRIX,
  ...PROJECTED,
};

/** @throws Error that names the rows there are */
export function optimizerOf(row: string): Optimizer {
  if (Object.hasOwn(BY_ROW, row)) return BY_ROW[row as OptimizerId];
  throw new Error(`no training for the optimizer ${row}; there is one for ${Object.keys(BY_ROW).join(', ')}`);
}
