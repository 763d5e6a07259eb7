import { backend } from '@tensorflow/tfjs-core';
import { installArithmetic } from './arithmetic';
import { plain, relaxed } from './assembly/builds';
import { installLinearPass, installProducts, installSums, installUpdates } from './passes';
import { startModule, restoreKernels, type WasmBackend } from './register';

/** In the order of preference. */
const BUILDS = { relaxed, plain } as const;

/** The backend on which kernels were last tried, and whether a build of them started. */
let last: { on: WasmBackend | null; started: boolean } = { on: null, started: false };

/**
 * Replaces some kernels of the running wasm backend, and adds those of tensors/fused.ts. Does nothing the second time.
 * Where no build starts, tfjs' own kernels do it, more slowly.
 * @param builds to be tried in order; if they are named, they replace what is installed
 * @returns whether the kernels are installed
 */
export function installKernels(builds?: readonly (keyof typeof BUILDS)[]): boolean {
  const running = backend() as WasmBackend;
  if (running === last.on && !builds) return last.started;
  const kernels = startModule(running, builds ? builds.map((name) => BUILDS[name]) : Object.values(BUILDS));
  restoreKernels();
  last = { on: running, started: kernels !== null };
  if (!kernels) return false;
  installArithmetic(kernels);
  installLinearPass(kernels);
  installProducts(kernels);
  installSums(kernels);
  installUpdates(kernels);
  return true;
}
