import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env } from '@tensorflow/tfjs-core';
import type { Backend } from './backend';
import { installKernels } from './kernels/install';

const PLAIN = 'tfjs-backend-wasm.wasm';
const SIMD = 'tfjs-backend-wasm-simd.wasm';

/** WebAssembly on one thread, with SIMD where the platform has it. */
export const wasm: Backend = {
  id: 'wasm',
  prepare(assets) {
    // The threaded build needs SharedArrayBuffer and files we do not ship; it gains nothing at these sizes.
    env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    setWasmPaths(pathsOf(assets));
  },
  flushSteps: Number.POSITIVE_INFINITY,
  started: () => void installKernels(),
};

/** @param assets a folder (path or URL), or a JSON object of file name → URL */
function pathsOf(assets: string): Record<string, string> {
  const given: unknown = assets.startsWith('{') ? JSON.parse(assets) : {};
  const urls = given as Partial<Record<string, string>>;
  const folder = assets.endsWith('/') || assets === '' ? assets : `${assets}/`;
  const at = (file: string): string => urls[file] ?? `${folder}${file}`;
  return { [PLAIN]: at(PLAIN), [SIMD]: at(SIMD), 'tfjs-backend-wasm-threaded-simd.wasm': at(SIMD) };
}
