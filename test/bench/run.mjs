// Bundles the measurements and the worker as the product is bundled, and runs them: `npm run bench [-- --json]`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outdir = here('../../.cache');

await build({
  entryPoints: { bench: here('main.ts'), 'bench-worker': here('../../src/worker/node.ts') },
  outdir,
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  logLevel: 'warning',
});
const { status } = spawnSync(process.execPath, [`${outdir}/bench.js`, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 1;
