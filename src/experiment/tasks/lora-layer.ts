import { add, mul, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { product } from '../tensors/operations';
import type { Frozen } from './frozen';
import { seenThrough } from './data-rows';
import type { LayerPass } from './layer-pass';

/** The passes of a layer with LoRA. */
export interface AdaptedPass extends LayerPass {
  /** Gradients of A, Bᵀ and DoRA's magnitudes from ∂loss/∂y, in their stored shapes. */
  toFactors(gradient: Tensor3D): { A: Tensor; B: Tensor; m?: Tensor };
}

/** The operands of a layer, all variants side by side. */
export interface LayerInput {
  /** [variants | 1, rows, inputs] */
  x: Tensor3D;
  /** x·W0ᵀ, [variants | 1, rows, outputs] */
  plain: Tensor3D;
  frozen: Frozen;
  /** [variants, 1, 1] */
  scaling: Tensor;
  /** A, [variants, rank, inputs]. */
  a: Tensor3D;
  /** Bᵀ, [variants, rank, outputs]. */
  b: Tensor3D;
  /** The dropout mask in the shape of x: 0 or 1/(1 − p). */
  mask: Tensor3D | null;
}

/**
 * `y = W0·x + s·B·A·(x∘mask)` row by row, with both passes written by hand:
 *
 *     h = s·(x∘mask)·Aᵀ   y = x·W0ᵀ + h·Bᵀ             g = ∂loss/∂y
 *     ∂/∂Bᵀ = hᵀ·g        ∂/∂A = (s·g·B)ᵀ·(x∘mask)     ∂/∂x = g·W0 + mask∘((s·g·B)·A)
 *
 * @see https://github.com/huggingface/peft/blob/main/src/peft/tuners/lora/layer.py
 */
export function loraLayer({ x, plain, frozen, scaling, a, b, mask }: LayerInput): AdaptedPass {
  const seen = seenThrough(mask, x);
  const h = mul(scaling, product(seen, a, false, true)) as Tensor3D;
  const behind = remembered((gradient) => mul(scaling, product(gradient, b, false, true)));
  return {
    output: add(plain, product(h, b)),
    toInput: (gradient) => add(frozen.backward(gradient), seenThrough(mask, product(behind(gradient), a))),
    toFactors: (gradient) => ({ A: product(behind(gradient), seen, true), B: product(h, gradient, true) }),
  };
}

/** Caches a value that both backward passes compute from the same gradient. */
export function remembered(compute: (gradient: Tensor3D) => Tensor3D): (gradient: Tensor3D) => Tensor3D {
  let known: { gradient: Tensor3D; result: Tensor3D } | undefined;
  return (gradient) => {
    if (known?.gradient !== gradient) known = { gradient, result: compute(gradient) };
    return known.result;
  };
}
