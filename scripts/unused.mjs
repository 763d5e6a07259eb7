// Keeps out of the bundles what tfjs imports and LoRA Alpha never calls: loading models from the network, random numbers,
// fingerprints of strings, and WebAssembly on several threads.
import path from 'node:path';

const STAND_IN = path.join(import.meta.dirname, 'stand-in.mjs');

export const unused = {
  name: 'unused',
  setup({ onResolve }) {
    onResolve({ filter: /^(node-fetch|long|seedrandom)$|wasm-threaded-simd/ }, () => ({ path: STAND_IN }));
  },
};
