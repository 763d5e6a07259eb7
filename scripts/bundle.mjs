// Runs TypeScript of the project: bundled by esbuild, in a separate process.
import { randomUUID } from 'node:crypto';
import { execFile, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { kernels } from './kernels.mjs';
import { CACHE, ROOT } from './paths.mjs';
import { pythonText } from './python-text.mjs';
import { unused } from './unused.mjs';

/** As esbuild.mjs bundles for Node. */
export const NODE = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  plugins: [kernels, pythonText, unused],
};

/**
 * Bundles `entry` into .cache/ and runs it with this process's input, output and options of Node.
 * @param {string} entry path from the project's folder
 * @param {string} name of the bundle
 * @param {readonly string[]} args
 * @param {Record<string, string>} beside further bundles it needs there, by name
 * @returns {Promise<number>} its exit code
 */
export async function runBundled(entry, name, args, beside = {}) {
  await bundle({ [name]: entry, ...beside });
  const { status } = spawnSync(process.execPath, [...process.execArgv, path.join(CACHE, `${name}.js`), ...args], {
    stdio: 'inherit',
  });
  return status ?? 1;
}

/**
 * Bundles `entry` and runs it. Several builds can do so at a time.
 * @param {string} entry path from the project's folder
 * @param {readonly string[]} args
 * @returns {Promise<string>} what it prints
 */
export async function outputOf(entry, args) {
  const name = `output-${randomUUID()}`;
  const file = path.join(CACHE, `${name}.js`);
  try {
    await bundle({ [name]: entry });
    const { stdout } = await promisify(execFile)(process.execPath, [file, ...args]);
    return stdout;
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * Bundles each entry into .cache/<name>.js.
 * @param {Record<string, string>} entries paths from the project's folder, by name
 */
export async function bundle(entries) {
  const entryPoints = Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, path.join(ROOT, file)]));
  await build({ ...NODE, entryPoints, outdir: CACHE, minify: true, logLevel: 'warning' });
}
