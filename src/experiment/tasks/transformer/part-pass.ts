import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { Projection } from '../../spec';
import type { LayerPass } from '../layer-pass';

/** A value that is computed at its first use, because often only some gradients of a backward pass are needed. */
export type Lazy = () => Tensor3D;

/** Runs the linear layer of that name on x, [variants | 1, rows, inputs]. */
export type LayerOf = (projection: Projection, x: Tensor3D) => LayerPass;

/** The passes of a part of the model that contains linear layers. */
export interface PartPass {
  output: Tensor3D;
  back(gradient: Lazy): PartGradients;
}

/** The gradients inside a part, from ∂loss/∂output. */
export interface PartGradients {
  /** ∂loss/∂output of each of its linear layers. */
  ofOutputs: Readonly<Partial<Record<Projection, Lazy>>>;
  ofInput: Lazy;
}

export function lazy(compute: Lazy): Lazy {
  let known: Tensor3D | undefined;
  return () => (known ??= compute());
}
