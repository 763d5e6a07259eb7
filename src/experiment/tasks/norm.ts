import { add, div, mean, mul, sqrt, square, sub, type Tensor3D } from '@tensorflow/tfjs-core';

/** One pass through a normalisation of each row, and the way back. */
export interface NormPass {
  output: Tensor3D;
  /** ∂loss/∂x from ∂loss/∂output. */
  toInput(gradient: Tensor3D): Tensor3D;
}

/**
 * Layer norm over the last axis without weights: `(x − mean)/√(variance + eps)`.
 * @param eps torch: 1e-5
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html
 */
export function layerNorm(x: Tensor3D, eps: number): NormPass {
  const centered = sub(x, mean(x, 2, true));
  const spread = sqrt(add(mean(square(centered), 2, true), eps));
  const output = div(centered, spread) as Tensor3D;
  return {
    output,
    toInput(gradient) {
      const along = mul(output, mean(mul(gradient, output), 2, true));
      return div(sub(sub(gradient, mean(gradient, 2, true)), along), spread);
    },
  };
}
