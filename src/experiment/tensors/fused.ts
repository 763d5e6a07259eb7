import { engine, getKernel, type Tensor } from '@tensorflow/tfjs-core';
import type { NamedAttrMap } from '@tensorflow/tfjs-core/dist/kernel_registry';

/** Both passes of tasks/linear.ts. */
export const LINEAR_PASS = 'LoraLinearPass';

/** The mean of tasks/loss.ts. */
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
