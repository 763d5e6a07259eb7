// Measures what runs keep, and writes docs/memory.md: `node test/bench/memory.mjs`.
import path from 'node:path';
import { runBundled } from '../../scripts/bundle.mjs';
import { ROOT } from '../../scripts/paths.mjs';

const assets = path.join(ROOT, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');
process.exitCode = await runBundled('test/bench/memory.ts', 'memory', [assets]);
