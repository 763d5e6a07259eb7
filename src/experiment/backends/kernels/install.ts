import { backend } from '@tensorflow/tfjs-core';
import { installArithmetic } from './arithmetic';
import { plain, relaxed } from './assembly/builds';
import { installLinearPass, installProducts, installSlices, installSums, installUpdates } from './passes';
import { startModule, type WasmBackend } from './register';

const BUILDS = { relaxed, plain } as const;

/** The backend that has them. */
let last: WasmBackend | null = null;

/**
 * Replaces some kernels of the running wasm backend, and adds those of tensors/operations.ts; nothing the second time.
 * @param build the one to take, in place of what is installed; by default the first that the platform can run
 */
export function installKernels(build?: keyof typeof BUILDS): void {
  const running = backend() as WasmBackend;
  if (running === last && !build) return;
  const kernels = startModule(running, build ? [BUILDS[build]] : Object.values(BUILDS));
  last = running;
  installArithmetic(kernels);
  installLinearPass(kernels);
  installProducts(kernels);
  installSlices();
  installSums(kernels);
  installUpdates(kernels);
}
