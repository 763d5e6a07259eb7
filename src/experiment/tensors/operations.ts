import { cast, less, matMul, mul, sigmoid, sub, engine, getKernel } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { NamedAttrMap } from '@tensorflow/tfjs-core/dist/kernel_registry';

/**
 * One matrix product for each variant: [variants | 1, m, k] times [variants | 1, k, n]; a leading 1 is shared by all.
 * All variants use the same order of operations, so their bits are comparable; see backends/kernels/products.ts.
 */
export function product(a: Tensor3D, b: Tensor3D, transposeA = false, transposeB = false): Tensor3D {
  return matMul(a, b, transposeA, transposeB);
}

/**
 * −1, 0 or 1. On WebAssembly, tfjs's `sign` returns 0 for everything below 1e-7, so a rescaled run with smaller
 * gradients would differ.
 */
export function signOf<T extends Tensor>(values: T): T {
  return sub(cast(less(0, values), 'float32'), cast(less(values, 0), 'float32'));
}

/**
 * tanh as `2·σ(2x) − 1`, off by a few units in the last place of 1. tfjs's own takes about forty times as long on
 * WebAssembly.
 */
export function tanhOf<T extends Tensor>(values: T): T {
  return sub(mul(sigmoid(mul(values, 2)), 2), 1);
}

/** Both passes of tasks/regression.ts. */
export const LINEAR_PASS = 'LoraLinearPass';

/** The mean of tasks/regression.ts. */
export const MEAN_LOSS = 'MeanLoss';

/** The update of optimizers/gradient.ts without momentum. */
export const SGD_UPDATE = 'SgdUpdate';

/** That of optimizers/adam.ts without AMSGrad. */
export const ADAM_UPDATE = 'AdamUpdate';

/**
 * Runs one of our own kernels, which fuses many tfjs operations. Returns undefined on a backend without it; the caller
 * then runs the tfjs operations that define it.
 * @param name as it is registered, see backends/kernels
 */
export function fused(
  name: string,
  inputs: Readonly<Record<string, Tensor>>,
  attributes: NamedAttrMap,
): Tensor[] | undefined {
  const running = engine();
  if (!getKernel(name, running.backendName)) return undefined;
  return running.runKernel(name, { ...inputs }, attributes);
}
