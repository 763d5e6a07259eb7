import { add, div, mul, reshape, sqrt, sub, sum, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { product } from '../tensors/operations';
import { remembered, type AdaptedPass, type LayerInput } from './lora-layer';
import { seenThrough } from './data-rows';

/** DoRA's parameters beside A and B. */
export interface Magnitudes {
  /** m, [variants, outputs, 1]. */
  m: Tensor3D;
  /** Squared norms of the rows of W0, [1, 1, outputs]. */
  squares: Tensor;
}

/**
 * A DoRA layer: `y = m/‖V‖ · V·x` with `V = W0 + s·B·A`, norms row by row. The norms count as constants in the backward
 * pass, as in the paper's section 4.3 and in PEFT. V itself is never made: with `u = s·Bᵀ`
 *
 *     ‖V‖² = ‖W0‖² + Σ u∘(2·A·W0ᵀ + A·Aᵀ·u)     c = m/‖V‖
 *     z = x·W0ᵀ + x·Aᵀ·u     y = c∘z             g = ∂loss/∂y     d = c∘g
 *     ∂/∂m = Σ g∘z/‖V‖       ∂/∂Bᵀ = s·(x·Aᵀ)ᵀ·d     ∂/∂A = (d·uᵀ)ᵀ·x     ∂/∂x = d·W0 + (d·uᵀ)·A
 *
 * Under dropout PEFT lets the whole product with c see the mask, W0's part too, and keeps one plain W0·x beside it:
 * `y = W0·x + (c − 1)∘(W0·x') + c∘(s·B·A·x')` with `x' = x∘mask`.
 * @see https://arxiv.org/abs/2402.09353
 * @see https://github.com/huggingface/peft/blob/main/src/peft/tuners/lora/dora.py
 */
export function doraLayer(
  { x, plain, frozen, scaling, a, b, mask }: LayerInput,
  { m, squares }: Magnitudes,
): AdaptedPass {
  const [count, outputs] = m.shape;
  const u = mul(scaling, b) as Tensor3D;
  const cross = add(mul(frozen.forward(a), 2), product(product(a, a, false, true), u));
  const norm = sqrt(add(squares, sum(mul(u, cross), 1, true)));
  const size = div(reshape(m, [count, 1, outputs]), norm);
  const seen = seenThrough(mask, x);
  const plainSeen = mask ? frozen.forward(seen) : plain;
  const h = product(seen, a, false, true);
  const z = add(plainSeen, product(h, u));
  const sized = mul(size, z) as Tensor3D;

  const inside = remembered((gradient) => mul(size, gradient));
  const behind = remembered((gradient) => product(inside(gradient), u, false, true));
  return {
    output: mask ? add(sub(plain, plainSeen), sized) : sized,
    toInput(gradient) {
      const low = product(behind(gradient), a);
      if (!mask) return add(frozen.backward(inside(gradient)), low);
      const ofSeen = add(frozen.backward(sub(inside(gradient), gradient)), low);
      return add(frozen.backward(gradient), mul(mask, ofSeen));
    },
    toFactors: (gradient) => ({
      A: product(behind(gradient), seen, true),
      B: mul(scaling, product(h, inside(gradient), true)),
      m: reshape(div(sum(mul(gradient, z), 1, true), norm), [count, outputs, 1]),
    }),
  };
}
