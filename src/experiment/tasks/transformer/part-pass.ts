import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { Projection } from '../../spec';
import type { LayerPass } from '../lora-layer';

/** Computed when it is first asked for, and not at all where nobody does: a way back is often needed in part. */
export type Lazy = () => Tensor3D;

/** Runs the linear layer of that name on x, [variants | 1, rows, inputs]. */
export type LayerOf = (projection: Projection, x: Tensor3D) => LayerPass;

/** One pass through a part of a model that has linear layers in it, and the way back. */
export interface PartPass {
  output: Tensor3D;
  back(gradient: Lazy): PartGradients;
}

/** What ∂loss/∂output of a part comes to inside of it. */
export interface PartGradients {
  /** ∂loss/∂output of each of its linear layers. */
  ofOutputs: Readonly<Partial<Record<Projection, Lazy>>>;
  ofInput: Lazy;
}

export function lazy(compute: Lazy): Lazy {
  let known: Tensor3D | undefined;
  return () => (known ??= compute());
}
