import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { ADAM_UPDATE, SGD_UPDATE } from '../../tensors/fused';
import type { KernelModule } from './module';
import { placeOf, registerOwn, type KernelCall } from './register';

interface Moved {
  /** [parameters, variants, rows, columns], as the others that say nothing else */
  weights: TensorInfo;
  gradient: TensorInfo;
  /** [parameters, variants, 1, 1] */
  rate: TensorInfo;
}

interface Averaged extends Moved {
  mean: TensorInfo;
  spread: TensorInfo;
  /** [parameters, variants, 1, 1] */
  eps: TensorInfo;
}

interface Betas {
  beta1: number;
  beta2: number;
  /** √(1 − β₂ᵗ) */
  correction2: number;
}

/** The updates of optimizers/gradient.ts and adam.ts in one pass over the memory, with their bits. */
export function installUpdates(kernels: KernelModule): void {
  registerOwn(SGD_UPDATE, ({ inputs: { weights, gradient, rate }, backend }: KernelCall<Moved>) => {
    const out = backend.makeOutput(weights.shape, 'float32');
    const places = [weights, gradient, rate, out].map((tensor) => placeOf(backend, tensor));
    kernels.sgd(...matricesOf(weights), ...places);
    return [out];
  });
  registerOwn(ADAM_UPDATE, ({ inputs, attrs, backend }: KernelCall<Averaged, Betas>) => {
    const { weights, gradient, mean, spread, rate, eps } = inputs;
    const outs = [weights, mean, spread].map(({ shape }) => backend.makeOutput(shape, 'float32'));
    const places = [weights, gradient, mean, spread, rate, eps].map((tensor) => placeOf(backend, tensor));
    const targets = outs.map((tensor) => placeOf(backend, tensor));
    const { beta1, beta2, correction2 } = attrs;
    // lerp starts from the nearer end.
    const isNear = 1 - beta1 < 0.5;
    const way = isNear ? 1 - beta1 : 1 - (1 - beta1);
    kernels.adam(...matricesOf(weights), ...places, +isNear, way, beta2, 1 - beta2, correction2, ...targets);
    return outs;
  });
}

function matricesOf({ shape: [parameters = 0, variants = 0, ...matrix] }: TensorInfo): [count: number, size: number] {
  return [parameters * variants, util.sizeFromShape(matrix)];
}
