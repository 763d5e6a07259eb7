// Measures training speed, also of the shipped bundle: `npm run bench [-- --json]`.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { runBundled } from '../../scripts/bundle.mjs';
import { CACHE, ROOT } from '../../scripts/paths.mjs';

const flags = process.argv.slice(2);
const shipped = path.join(CACHE, 'bench-dist');
const only = ['esbuild.mjs', '--production', '--only=cli,worker-node', `--outdir=${shipped}`];
const { status } = spawnSync(process.execPath, only, { cwd: ROOT, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
const args = [shipped, path.join(ROOT, 'test/bench/torch'), ...flags];
process.exitCode = await runBundled('test/bench/main.ts', 'bench', args);
