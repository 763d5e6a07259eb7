import { dispose, tensor, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import type { InitialAdapter } from '../draw/adapter';
import type { Dropout } from '../draw/dropout';
import type { VariantSpec } from '../spec';
import { doraLayer } from './dora-layer';
import type { Frozen } from './frozen';
import { adapterMatrices, type Matrix } from './layout';
import type { LayerPass } from './layer-pass';
import { loraLayer, type AdaptedPass } from './lora-layer';
import { masksOf, perVariant } from './data-rows';

/** Settings of LoRA on the layers of a task. */
export interface Adaptation {
  variants: readonly VariantSpec[];
  rank: number;
  /** Every layer is a DoRA layer. */
  useDora: boolean;
  dropout: Dropout | null;
}

/** A frozen layer and its adapters. */
export interface LayerToAdapt {
  /** Suffix of its matrices' names; unique within a task. */
  name: string;
  frozen: Frozen;
  /** The initial adapter of each draw. */
  adapters: readonly InitialAdapter[];
}

/** A layer with LoRA or DoRA, for all variants. */
export interface AdaptedLayer {
  /** `A…`, `B…` and with DoRA `m…`, for the task's layout. */
  matrices: readonly Matrix[];
  /**
   * @param x [variants | 1, rows, inputs]
   * @param read gives a matrix of that name, as the layout does
   * @param step from 1
   * @param plain x·W0ᵀ where it is known
   */
  pass(x: Tensor3D, read: (name: string) => Tensor3D, step: number, plain?: Tensor3D): NamedPass;
}

export interface NamedPass extends LayerPass {
  /** ∂loss/∂ each of the layer's matrices, by its name, from ∂loss/∂y. */
  gradients(gradient: Tensor3D): Record<string, Tensor>;
}

/** Puts LoRA on layers. `dispose` frees its tensors; frozen matrices belong to their owner. */
export function adapting({ variants, rank, useDora, dropout }: Adaptation): {
  layer(layer: LayerToAdapt): AdaptedLayer;
  dispose(): void;
} {
  const scaling = perVariant(variants, (variant) => variant.scaling);
  const masks = masksOf(dropout, variants);
  const kept: Tensor[] = [scaling];

  return {
    layer({ name, frozen, adapters }) {
      const squares = useDora ? tensor(Float32Array.from(frozen.squares()), [1, 1, frozen.outputs]) : null;
      if (squares) kept.push(squares);
      return {
        matrices: [
          ...adapterMatrices(name, rank, adapters, variants),
          ...(useDora ? [magnitudes(name, frozen, variants)] : []),
        ],
        pass(x, read, step, plain = frozen.forward(x)) {
          const factors = { a: read(`A${name}`), b: read(`B${name}`) };
          const input = { x, plain, frozen, scaling, ...factors, mask: masks.at(x, name, step) };
          const pass: AdaptedPass = squares ? doraLayer(input, { m: read(`m${name}`), squares }) : loraLayer(input);
          return {
            ...pass,
            gradients: (gradient) =>
              Object.fromEntries(
                Object.entries(pass.toFactors(gradient)).map(([factor, value]) => [`${factor}${name}`, value]),
              ),
          };
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
