// Writes the generated pages of docs/: `npm run docs`. With --check it only says whether they are up to date.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { runBundled } from '../bundle.mjs';
import { ROOT } from '../paths.mjs';

// The terminal, whose output the pages show.
execFileSync(process.execPath, [path.join(ROOT, 'esbuild.mjs'), '--only=cli,worker-node'], { cwd: ROOT });
process.exitCode = await runBundled('scripts/docs/main.ts', 'docs', process.argv.slice(2));
