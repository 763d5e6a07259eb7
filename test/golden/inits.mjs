// Holds the table of inits against PEFT's fresh adapters: `node test/golden/inits.mjs [PYTHON]`, with torch, peft and
// bitsandbytes installed there. Run by hand; the table itself is what is handed over.
import { spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outfile = here('../../.cache/init-rows.mjs');

await build({ entryPoints: [here('../../src/recipe/init/init-rows.ts')], outfile, bundle: true, format: 'esm' });
const { INITS } = await import(pathToFileURL(outfile).href);
const { status } = spawnSync(process.argv[2] ?? 'python3', [here('inits.py')], {
  input: JSON.stringify(INITS),
  stdio: ['pipe', 'inherit', 'inherit'],
});
process.exitCode = status ?? 1;
