// Runs TypeScript of the project: bundled by esbuild, in a separate process.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { CACHE, ROOT } from './paths.mjs';

/** As esbuild.mjs bundles for Node. */
export const NODE = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', mainFields: ['module', 'main'] };

/**
 * Bundles `entry` into .cache/ and runs it with this process's input and output.
 * @param {string} entry path from the project's folder
 * @param {string} name of the bundle
 * @param {readonly string[]} args
 * @param {Record<string, string>} beside further bundles it needs there, by name
 * @returns {Promise<number>} its exit code
 */
export async function runBundled(entry, name, args, beside = {}) {
  await bundle({ [name]: entry, ...beside });
  const { status } = spawnSync(process.execPath, [path.join(CACHE, `${name}.js`), ...args], { stdio: 'inherit' });
  return status ?? 1;
}

/**
 * Bundles each entry into .cache/<name>.js.
 * @param {Record<string, string>} entries paths from the project's folder, by name
 */
export async function bundle(entries) {
  const entryPoints = Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, path.join(ROOT, file)]));
  await build({ ...NODE, entryPoints, outdir: CACHE, minify: true, logLevel: 'warning' });
}
