import { ADAM_ROWS } from '../../src/recipe/optimizers/rows/adam';
import { ADAM_VARIANT_ROWS } from '../../src/recipe/optimizers/rows/adam-variants';
import { DISTANCE_ROWS } from '../../src/recipe/optimizers/rows/own-rate';
import { FACTORED_ROWS } from '../../src/recipe/optimizers/rows/factored';
import { GRADIENT_ROWS } from '../../src/recipe/optimizers/rows/gradient';
import { MATRIX_ROWS } from '../../src/recipe/optimizers/rows/matrix';
import { MEAN_SQUARE_ROWS } from '../../src/recipe/optimizers/rows/mean-square';
import { OWN_RATE_ROWS } from '../../src/recipe/optimizers/rows/own-rate';
import type { OptimizerRow } from '../../src/recipe/optimizers/optimizer-row';
import { SCHEDULE_FREE_ROWS } from '../../src/recipe/optimizers/rows/schedule-free';
import { SIGN_ROWS } from '../../src/recipe/optimizers/rows/sign';

/** Family → its rows: a file of the table each. */
const FAMILIES: readonly (readonly [string, Readonly<Record<string, OptimizerRow>>])[] = [
  ['SGD, ASGD, Adadelta', GRADIENT_ROWS],
  ['Adam, AdamW, NAdam, Adamax', ADAM_ROWS],
  ['RMSprop, Adagrad, Rprop', MEAN_SQUARE_ROWS],
  ['Adam’s variants (AdEMAMix, ADOPT, Adan …)', ADAM_VARIANT_ROWS],
  ['schedule-free', SCHEDULE_FREE_ROWS],
  ['Lion, Sophia', SIGN_ROWS],
  ['Adafactor, CAME, AdaLomo', FACTORED_ROWS],
  ['Prodigy, D-Adaptation', DISTANCE_ROWS],
  ['Automagic', OWN_RATE_ROWS],
  ['Muon, Shampoo, Dion, LoRA-FA', MATRIX_ROWS],
];

export const FAMILY_NAMES: readonly string[] = FAMILIES.map(([name]) => name);

export function familyOf({ id }: OptimizerRow): string {
  return FAMILIES.find(([, rows]) => Object.hasOwn(rows, id))?.[0] ?? 'others';
}
