import { div, greater, logicalAnd, onesLike, where, type Tensor } from '@tensorflow/tfjs-core';

/**
 * The weights' norm over the size of their update; 1 where the weights or the update (or its `slope`) are 0, as for a B
 * that has not moved yet. All are [parameters, variants, 1, 1].
 */
export function trustRatio(weightNorm: Tensor, size: Tensor, slope: Tensor = size): Tensor {
  const isUsable = logicalAnd(greater(weightNorm, 0), greater(slope, 0));
  return where(isUsable, div(weightNorm, size), onesLike(weightNorm));
}
