// Runs the measurements, and the worker as it is shipped: `npm run bench [-- --json]`.
import { runBundled } from '../../scripts/bundle.mjs';

const worker = { 'bench-worker': 'src/worker/node.ts' };
process.exitCode = await runBundled('test/bench/main.ts', 'bench', process.argv.slice(2), worker);
