import { backend, env } from '@tensorflow/tfjs-core';
import { installArithmetic } from './arithmetic';
import { plain, relaxed } from './assembly/builds';
import { installLinearPass } from './linear-pass';
import { startModule } from './module';
import { installProducts } from './products';
import { restoreKernels, type WasmBackend } from './register';
import { installSums } from './sums';
import { installUpdates } from './updates';

/** In the order of preference. */
const BUILDS = { relaxed, plain } as const;

let installedOn: WasmBackend | null = null;

/**
 * Replaces some kernels of the running wasm backend, and adds those of tensors/fused.ts. Does nothing the second time, or
 * where the platform has no SIMD: tfjs' own kernels do it there, more slowly.
 * @param builds to be tried in order; if they are named, they replace what is installed
 * @returns whether the kernels are installed
 */
export function installKernels(builds?: readonly (keyof typeof BUILDS)[]): boolean {
  const running = backend() as WasmBackend;
  if (running === installedOn && !builds) return true;
  const kernels = env().getBool('WASM_HAS_SIMD_SUPPORT')
    ? startModule(running, builds ? builds.map((name) => BUILDS[name]) : Object.values(BUILDS))
    : null;
  restoreKernels();
  installedOn = kernels && running;
  if (!kernels) return false;
  installArithmetic(kernels);
  installLinearPass(kernels);
  installProducts(kernels);
  installSums(kernels);
  installUpdates(kernels);
  return true;
}
