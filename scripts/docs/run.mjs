// Writes the generated pages of docs/: `npm run docs`. With --check it only says whether they are up to date.
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outfile = here('../../.cache/docs.js');

// The terminal, whose output the pages show.
execFileSync(process.execPath, [here('../../esbuild.mjs'), '--only=cli,worker-node'], { cwd: here('../..') });
await build({
  entryPoints: [here('main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  logLevel: 'warning',
});
const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 1;
