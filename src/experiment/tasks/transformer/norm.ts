import { add, div, mean, mul, sqrt, square, sub, type Tensor3D } from '@tensorflow/tfjs-core';
import type { BlockSpec } from '../../spec';
import type { LayerPass } from '../layer-pass';

/** eps inside the root: torch's default for a layer norm, and that of Llama 2 and 3. */
export const NORM_EPS = 1e-5;

/** The norms a block may have, without weights, over the last axis. */
export const NORMS: Readonly<Record<BlockSpec['norm'], (x: Tensor3D) => LayerPass>> = {
  layer: layerNorm,
  rms: rmsNorm,
};

/**
 * `(x − mean)/√(variance + eps)`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html
 */
function layerNorm(x: Tensor3D): LayerPass {
  const { output, toInput } = rmsNorm(sub(x, mean(x, 2, true)));
  return {
    output,
    toInput(gradient) {
      const ofCentered = toInput(gradient);
      return sub(ofCentered, mean(ofCentered, 2, true));
    },
  };
}

/**
 * `x/√(mean of squares + eps)`
 * @see https://arxiv.org/abs/1910.07467
 */
function rmsNorm(x: Tensor3D): LayerPass {
  const size = sqrt(add(mean(square(x), 2, true), NORM_EPS));
  const output = div(x, size) as Tensor3D;
  return {
    output,
    toInput: (gradient) => div(sub(gradient, mul(output, mean(mul(gradient, output), 2, true))), size),
  };
}
