import { engine, getKernel, type Tensor } from '@tensorflow/tfjs-core';
import type { NamedAttrMap } from '@tensorflow/tfjs-core/dist/kernel_registry';

/** Both passes of tasks/linear.ts. */
export const LINEAR_PASS = 'LoraLinearPass';

/** The mean of tasks/loss.ts. */
export const MEAN_LOSS = 'MeanLoss';

/** Weights up to which an update in one pass is faster than XNNPACK's many in vectors of four. Measured. */
export const FEW_WEIGHTS = 4_096;

/** The update of optimizers/sgd.ts without momentum. */
export const SGD_UPDATE = 'SgdUpdate';

/** That of optimizers/adam.ts without AMSGrad. */
export const ADAM_UPDATE = 'AdamUpdate';

/**
 * Runs a kernel of our own, which does at once what takes many operations of tfjs; undefined on a backend without it. The
 * operations are then its definition, which whoever calls this has beside the call.
 * @param name as it is registered, see backends/wasm-kernels
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
