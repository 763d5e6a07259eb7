import {
  add,
  div,
  maximum,
  minimum,
  mul,
  neg,
  reshape,
  sqrt,
  square,
  sum,
  tensor,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** Stands for "no threshold"; no finite gradient is as long. */
const NEVER = 1e30;

const numbersOf = (thresholds: readonly (number | null)[]): number[] => thresholds.map((value) => value ?? NEVER);

/**
 * Keeps every element of each variant's gradient within its threshold, as `torch.nn.utils.clip_grad_value_` does.
 * @param gradients [parameters, variants, rows, columns] each
 * @param thresholds of each variant; null = no clipping
 */
export function clipByValue(gradients: Tensor[], thresholds: readonly (number | null)[]): Tensor[] {
  if (thresholds.every((threshold) => threshold === null)) return gradients;
  const most = tensor(numbersOf(thresholds), [1, thresholds.length, 1, 1], 'float32');
  const least = neg(most);
  return gradients.map((gradient) => maximum(minimum(gradient, most), least));
}

/**
 * Clips each variant's gradient by its global norm over everything it trains, as `torch.nn.utils.clip_grad_norm_` does.
 * @param gradients [parameters, variants, rows, columns] each
 * @param thresholds of each variant; null = no clipping
 * @param clipEps added to the norm it divides by (torch: 1e-6)
 */
export function clipByNorm(gradients: Tensor[], thresholds: readonly (number | null)[], clipEps: number): Tensor[] {
  if (thresholds.every((threshold) => threshold === null)) return gradients;
  const count = thresholds.length;
  const squares = gradients.map((gradient) => sum(sum(sum(square(gradient), 3), 2), 0));
  const norm = sqrt(squares.reduce((total, part) => add(total, part)));
  const threshold = tensor(numbersOf(thresholds), [count], 'float32');
  const factor = reshape(minimum(div(threshold, add(norm, clipEps)), 1), [1, count, 1, 1]);
  return gradients.map((gradient) => mul(gradient, factor));
}
