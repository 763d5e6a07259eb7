import { add, dispose, div, mul, reshape, sqrt, sub, sum, tensor, transpose } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { Dropout, InitialAdapter } from '../draw/random';
import type { VariantSpec } from '../spec';
import { product } from '../tensors/operations';
import { masksOf, perVariant, seenThrough } from './data-rows';
import { adapterMatrices, type Matrix, type Read } from './task';

/** A frozen matrix W0 [outputs, inputs], stored in both orientations, so that no product has to transpose it. */
export interface Frozen {
  outputs: number;
  /** x·W0ᵀ: [variants | 1, rows, inputs] to [variants | 1, rows, outputs]. */
  forward(x: Tensor3D): Tensor3D;
  /** g·W0, the backward pass. */
  backward(gradient: Tensor3D): Tensor3D;
  /** The squared norm of each row, in float64. */
  squares(): Float64Array;
  dispose(): void;
}

export function frozenMatrix(values: Float32Array, outputs: number, inputs: number): Frozen {
  const matrix = tensor(values, [1, outputs, inputs]) as Tensor3D;
  const turned = transpose(matrix, [0, 2, 1]);
  return {
    outputs,
    forward: (x) => product(x, turned),
    backward: (gradient) => product(gradient, matrix),
    squares: () =>
      Float64Array.from({ length: outputs }, (_, row) =>
        values.subarray(row * inputs, (row + 1) * inputs).reduce((total, value) => total + value ** 2, 0),
      ),
    dispose: () => dispose([matrix, turned]),
  };
}

/** The forward pass of a linear layer or a norm, and its backward pass. */
export interface LayerPass {
  /** [variants | 1, rows, outputs] */
  output: Tensor3D;
  /** ∂loss/∂x from ∂loss/∂output: [variants, rows, outputs] to [variants, rows, inputs]. */
  toInput(gradient: Tensor3D): Tensor3D;
}

export interface AdaptedPass extends LayerPass {
  /** ∂loss/∂ each of the layer's matrices, by its name and in its stored shape, from ∂loss/∂y. */
  gradients(gradient: Tensor3D): Record<string, Tensor>;
}

/** The operands of a layer, all variants side by side. */
interface LayerInput {
  name: string;
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
function loraLayer({ name, x, plain, frozen, scaling, a, b, mask }: LayerInput): AdaptedPass {
  const seen = seenThrough(mask, x);
  const h = mul(scaling, product(seen, a, false, true)) as Tensor3D;
  const behind = remembered((gradient) => mul(scaling, product(gradient, b, false, true)));
  return {
    output: add(plain, product(h, b)),
    toInput: (gradient) => add(frozen.backward(gradient), seenThrough(mask, product(behind(gradient), a))),
    gradients: (gradient) => ({
      [`A${name}`]: product(behind(gradient), seen, true),
      [`B${name}`]: product(h, gradient, true),
    }),
  };
}

/** Caches what both backward passes compute from the same gradient. */
function remembered(compute: (gradient: Tensor3D) => Tensor3D): (gradient: Tensor3D) => Tensor3D {
  let known: { gradient: Tensor3D; result: Tensor3D } | undefined;
  return (gradient) => {
    if (known?.gradient !== gradient) known = { gradient, result: compute(gradient) };
    return known.result;
  };
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
 * @param m [variants, outputs, 1]
 * @param squares the squared norms of W0's rows, [1, 1, outputs]
 * @see https://arxiv.org/abs/2402.09353
 * @see https://github.com/huggingface/peft/blob/main/src/peft/tuners/lora/dora.py
 */
function doraLayer(
  { name, x, plain, frozen, scaling, a, b, mask }: LayerInput,
  m: Tensor3D,
  squares: Tensor,
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
    gradients: (gradient) => ({
      [`A${name}`]: product(behind(gradient), seen, true),
      [`B${name}`]: mul(scaling, product(h, inside(gradient), true)),
      [`m${name}`]: reshape(div(sum(mul(gradient, z), 1, true), norm), [count, outputs, 1]),
    }),
  };
}

export interface Adaptation {
  variants: readonly VariantSpec[];
  useDora: boolean;
  dropout: Dropout | null;
}

/** A frozen layer, the suffix of its matrices' names, unique within a task, and its adapter in each draw. */
export interface LayerToAdapt {
  name: string;
  frozen: Frozen;
  adapters: readonly InitialAdapter[];
}

/** A layer with LoRA or DoRA, for all variants. */
export interface AdaptedLayer {
  /** `A…`, `B…` and with DoRA `m…`. */
  matrices: readonly Matrix[];
  /**
   * @param x [variants | 1, rows, inputs]
   * @param step from 1
   * @param plain x·W0ᵀ where it is known
   */
  pass(x: Tensor3D, read: Read, step: number, plain?: Tensor3D): AdaptedPass;
}

/** Puts LoRA on layers. `dispose` frees its tensors; frozen matrices belong to their owner. */
export function adapting(
  { variants, useDora, dropout }: Adaptation,
  rank: number,
): { layer(layer: LayerToAdapt): AdaptedLayer; dispose(): void } {
  const scaling = perVariant(variants, (variant) => variant.scaling);
  const masks = masksOf(dropout, variants);
  const kept: Tensor[] = [scaling];

  return {
    layer({ name, frozen, adapters }) {
      const squares = useDora ? tensor(Float32Array.from(frozen.squares()), [1, 1, frozen.outputs]) : null;
      if (squares) kept.push(squares);
      const factors = adapterMatrices(name, rank, adapters, variants);
      return {
        matrices: useDora ? [...factors, magnitudes(name, frozen, variants)] : factors,
        pass(x, read, step, plain = frozen.forward(x)) {
          const [a, b] = [read(`A${name}`), read(`B${name}`)];
          const input = { name, x, plain, frozen, scaling, a, b, mask: masks(x, name, step) };
          return squares ? doraLayer(input, read(`m${name}`), squares) : loraLayer(input);
        },
      };
    },
    dispose: () => dispose(kept),
  };
}

/** `m…`, [outputs, 1]: the norm of each row of W0. A change of scaling leaves their start alone. */
function magnitudes(name: string, frozen: Frozen, variants: readonly VariantSpec[]): Matrix {
  const norms = Float32Array.from(frozen.squares(), Math.sqrt);
  const starts = variants.map(() => norms);
  return { name: `m${name}`, layer: name, factor: 'm', transposed: false, rows: frozen.outputs, columns: 1, starts };
}
