import { reshape, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import type { Block, Parameter } from '../tasks/task';

/** What the optimizers share that look at a whole matrix and not at each of its elements. */

/** Every matrix of a block by itself: [parameters, variants, rows, columns] → [parameters · variants, rows, columns]. */
export function matricesOf(tensor: Tensor): Tensor3D {
  const [parameters = 1, variants = 1, rows = 1, columns = 1] = tensor.shape;
  return reshape(tensor, [parameters * variants, rows, columns]);
}

/** Rows and columns of a parameter as the trainers keep it: A is [rank, in], B is [out, rank]. */
export function sizesOf({ rows, columns }: Block, { transposed }: Parameter): { rows: number; columns: number } {
  return transposed ? { rows: columns, columns: rows } : { rows, columns };
}
