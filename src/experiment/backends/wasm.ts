import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env } from '@tensorflow/tfjs-core';
import type { Backend } from './backend';
import { installKernels } from './kernels/install';

/** The only build of tfjs that is shipped. A platform without SIMD cannot compile it, and does not start this backend. */
const FILE = 'tfjs-backend-wasm-simd.wasm';

/** WebAssembly with SIMD, on one thread. */
export const wasm: Backend = {
  id: 'wasm',
  prepare(assets) {
    // The threaded build needs SharedArrayBuffer and a file that is not shipped; it gains nothing at these sizes.
    env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    const path = pathOf(assets);
    setWasmPaths({
      'tfjs-backend-wasm.wasm': path,
      [FILE]: path,
      'tfjs-backend-wasm-threaded-simd.wasm': path,
    });
  },
  flushSteps: Number.POSITIVE_INFINITY,
  started: () => void installKernels(),
};

/** @param assets the folder of the file, or a blob that holds it */
function pathOf(assets: string): string {
  if (assets.startsWith('blob:')) return assets;
  return assets.endsWith('/') || assets === '' ? `${assets}${FILE}` : `${assets}/${FILE}`;
}
