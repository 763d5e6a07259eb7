import { add, mul, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { product } from '../products';
import type { Frozen } from './frozen';

/** A [variants, rank, inputs] and the transposed B [variants, rank, outputs]. */
export interface Factors {
  a: Tensor3D;
  b: Tensor3D;
}

/** One pass through a linear layer, and the way back. */
export interface LayerPass {
  /** [variants | 1, rows, outputs] */
  output: Tensor3D;
  /** ∂loss/∂x from ∂loss/∂y: [variants, rows, outputs] to [variants, rows, inputs]. */
  toInput(gradient: Tensor3D): Tensor3D;
  /** ∂loss/∂A and ∂loss/∂Bᵀ from ∂loss/∂y; nothing where the layer has no LoRA. */
  toFactors(gradient: Tensor3D): { a: Tensor; b: Tensor } | null;
}

/**
 * `y = W0·x + s·B·A·x` row by row, with both passes written by hand:
 *
 *     h = s·x·Aᵀ     y = x·W0ᵀ + h·Bᵀ       g = ∂loss/∂y
 *     ∂/∂Bᵀ = hᵀ·g   ∂/∂A = (s·g·B)ᵀ·x      ∂/∂x = g·W0 + (s·g·B)·A
 *
 * @param x [variants | 1, rows, inputs]
 * @param frozen W0: one for all variants
 * @param scaling [variants, 1, 1]
 * @param factors null where the layer has no LoRA
 * @param plain x·W0ᵀ where it is known
 */
export function loraLayer(
  x: Tensor3D,
  frozen: Frozen,
  scaling: Tensor,
  factors: Factors | null,
  plain = frozen.forward(x),
): LayerPass {
  if (!factors) {
    return { output: plain, toInput: (gradient) => frozen.backward(gradient), toFactors: () => null };
  }
  const { a, b } = factors;
  const h = mul(scaling, product(x, a, false, true)) as Tensor3D;
  const behind = (gradient: Tensor3D): Tensor3D => mul(scaling, product(gradient, b, false, true));
  return {
    output: add(plain, product(h, b)),
    toInput: (gradient) => add(frozen.backward(gradient), product(behind(gradient), a)),
    toFactors: (gradient) => ({ a: product(behind(gradient), x, true), b: product(h, gradient, true) }),
  };
}
