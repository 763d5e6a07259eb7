// Bundles a TypeScript file of this folder as the product is bundled, and runs it with this process's input and output.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export async function runBundled(entry, outfile, args) {
  await build({
    entryPoints: [here(entry)],
    outfile: here(outfile),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
  const { status } = spawnSync(process.execPath, [here(outfile), ...args], { stdio: 'inherit' });
  return status ?? 1;
}
