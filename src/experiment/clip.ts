import { div, add, minimum, mul, reshape, sqrt, square, sum, tensor, type Tensor } from '@tensorflow/tfjs-core';

/** Stands for "no threshold" among variants that have one: no finite gradient is as long. */
const NEVER = 1e30;

/**
 * Clips each variant's gradient by its global norm over A and B, as `torch.nn.utils.clip_grad_norm_` does.
 * @param gradient [2, variants, rows, columns]
 * @param thresholds of each variant; null = no clipping
 * @param clipEps added to the norm it divides by (torch: 1e-6)
 */
export function clipByNorm(gradient: Tensor, thresholds: readonly (number | null)[], clipEps: number): Tensor {
  if (thresholds.every((threshold) => threshold === null)) return gradient;
  const count = thresholds.length;
  const rows = sum(square(gradient), 3);
  const norm = sqrt(sum(sum(rows, 2), 0));
  const threshold = tensor(
    thresholds.map((value) => value ?? NEVER),
    [count],
    'float32',
  );
  const factor = minimum(div(threshold, add(norm, clipEps)), 1);
  return mul(gradient, reshape(factor, [1, count, 1, 1]));
}
