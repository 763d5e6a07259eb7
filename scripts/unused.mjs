// Keeps out of the bundles what packages import and LoRA Alpha never calls. tfjs: loading models from the network, random
// numbers, fingerprints of strings, and WebAssembly on several threads. yaml: writing YAML. The SDK of MCP: schemas of forms that
// a server sends to its client, which takes a validator of 150 kB. gguf: files of Node, which are read here, and all of the Hub's
// tasks and snippets but the names of types.
import path from 'node:path';

const GGUF_NAMES = path.join(import.meta.dirname, '../node_modules/@huggingface/tasks/dist/esm/gguf.js');
const STAND_IN = path.join(import.meta.dirname, 'stand-in.mjs');

export const unused = {
  name: 'unused',
  setup({ onResolve }) {
    onResolve({ filter: /^(node-fetch|long|seedrandom)$|wasm-threaded-simd/ }, () => ({ path: STAND_IN }));
    onResolve({ filter: /\/FileBlob-\w+\.mjs$/ }, () => ({ path: STAND_IN }));
    onResolve({ filter: /^@huggingface\/tasks$/ }, () => ({ path: GGUF_NAMES }));
    onResolve({ filter: /\/ajvProvider-\w+\.mjs$/ }, () => ({ path: STAND_IN }));
    onResolve({ filter: /\/stringify\w*\.js$/ }, ({ importer }) =>
      /node_modules\/yaml\//.test(importer) ? { path: STAND_IN } : undefined,
    );
  },
};
