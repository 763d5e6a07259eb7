import { add, div, maximum, mean, mul, sqrt, square, zeros, type Tensor } from '@tensorflow/tfjs-core';
import { averaged } from './averages';
import { constant, type Start, type Step } from '../optimizer';
import { rmsOf } from './norms';

/**
 * The second moment of a matrix, stored as row means and column means as in Adafactor. Rows and columns are treated
 * alike, so transposed matrices need no special care.
 * @see https://arxiv.org/abs/1804.04235
 */
export interface Factored {
  /** [parameters, variants, rows, 1] */
  rows: Tensor;
  /** [parameters, variants, 1, columns] */
  columns: Tensor;
}

/** The initial state: zeros. */
export function factoredZeros({ weights }: Start): Tensor[] {
  const [parameters = 1, variants = 1, rows = 1, columns = 1] = weights.shape;
  return [zeros([parameters, variants, rows, 1]), zeros([parameters, variants, 1, columns])];
}

/** The moving average of the elements' squares plus `eps`. */
export function averagedSquares(
  { rows, columns }: Factored,
  elements: Tensor,
  kept: number,
  eps: Tensor | number,
): Factored {
  const squares = add(square(elements), eps);
  return {
    rows: averaged(rows, mean(squares, 3, true), kept),
    columns: averaged(columns, mean(squares, 2, true), kept),
  };
}

/** `elements` divided by the root of the factored second moment. */
export function overRoot(elements: Tensor, { rows, columns }: Factored): Tensor {
  const byRow = div(1, sqrt(div(rows, mean(rows, 2, true))));
  const byColumn = div(1, sqrt(columns));
  return mul(mul(byRow, byColumn), elements);
}

/** Each matrix scaled down to a root mean square of `threshold` if it is above. */
export function clipByRms(update: Tensor, threshold: number): Tensor {
  return div(update, maximum(div(rmsOf(update), threshold), 1));
}

/** Root mean square of each weight matrix, at least `epsRms`, [parameters, variants, 1, 1]. */
export function parameterScale(step: Step): Tensor {
  return maximum(rmsOf(step.weights), constant(step, 'epsRms'));
}
