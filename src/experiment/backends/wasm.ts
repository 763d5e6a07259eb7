import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env } from '@tensorflow/tfjs-core';
import { type Backend, wasmFileIn } from './backend';
import { installKernels } from './kernels/install';

/** WebAssembly with SIMD, on one thread. A platform without SIMD does not start it. */
export const wasm: Backend = {
  id: 'wasm',
  prepare(assets) {
    // The threaded build needs SharedArrayBuffer and a file that is not shipped; it gains nothing at these sizes.
    env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    const path = assets.startsWith('blob:') ? assets : wasmFileIn(assets);
    // tfjs asks for all three, and takes the one that fits the platform.
    setWasmPaths({
      'tfjs-backend-wasm.wasm': path,
      'tfjs-backend-wasm-simd.wasm': path,
      'tfjs-backend-wasm-threaded-simd.wasm': path,
    });
  },
  flushSteps: Number.POSITIVE_INFINITY,
  started: () => installKernels(),
};
