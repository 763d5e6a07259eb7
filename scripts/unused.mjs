// Keeps out of the bundles what packages import and LoRA Alpha never calls. tfjs: loading models from the network, random
// numbers, fingerprints of strings, and WebAssembly on several threads. yaml: writing YAML. The SDK of MCP: schemas of forms that
// a server sends to its client, which takes a validator of 150 kB. gguf: files of Node, which are read here, and all of the Hub's
// tasks and snippets but the names of types. Notes on engines, which are for docs/engines.md.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const GGUF_NAMES = path.join(import.meta.dirname, '../node_modules/@huggingface/tasks/dist/esm/gguf.js');
const STAND_IN = path.join(import.meta.dirname, 'stand-in.mjs');

export const unused = {
  name: 'unused',
  setup({ onResolve, onLoad }) {
    onLoad({ filter: /engines[\\/]rows\.ts$/ }, ({ path: file }) => ({
      contents: withoutNotes(readFileSync(file, 'utf8')),
      loader: 'ts',
    }));
    onResolve({ filter: /^(node-fetch|long|seedrandom)$|wasm-threaded-simd/ }, () => ({ path: STAND_IN }));
    onResolve({ filter: /\/FileBlob-\w+\.mjs$/ }, () => ({ path: STAND_IN }));
    onResolve({ filter: /^@huggingface\/tasks$/ }, () => ({ path: GGUF_NAMES }));
    onResolve({ filter: /\/ajvProvider-\w+\.mjs$/ }, () => ({ path: STAND_IN }));
    onResolve({ filter: /\/stringify\w*\.js$/ }, ({ importer }) =>
      /node_modules\/yaml\//.test(importer) ? { path: STAND_IN } : undefined,
    );
  },
};

/** Rows of engines without notes and comments. A line that ends in `;`, `,` or `|` goes on. */
function withoutNotes(rows) {
  let goesOn = false;
  const kept = rows.split('\n').filter((line) => {
    const isRow = goesOn || !/^(?: {4}(?!ran )|#)/.test(line);
    goesOn = isRow && /[;,|]$/.test(line);
    return isRow;
  });
  return kept.join('\n');
}
