import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { Frozen } from './frozen';

/** The forward pass of a linear layer or a norm, and its backward pass. */
export interface LayerPass {
  /** [variants | 1, rows, outputs] */
  output: Tensor3D;
  /** ∂loss/∂x from ∂loss/∂output: [variants, rows, outputs] to [variants, rows, inputs]. */
  toInput(gradient: Tensor3D): Tensor3D;
}

/** A layer without LoRA. */
export function plainLayer(x: Tensor3D, frozen: Frozen, plain = frozen.forward(x)): LayerPass {
  return { output: plain, toInput: (gradient) => frozen.backward(gradient) };
}
