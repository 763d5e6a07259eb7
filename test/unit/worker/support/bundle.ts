import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
// @ts-expect-error: scripts have no types here
import { NODE } from '../../../../scripts/bundle.mjs';

const ROOT = resolve(__dirname, '../../../..');

export const ASSETS = join(ROOT, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');

const bundles = new Map<string, Promise<string>>();

/** Bundles a program as esbuild.mjs bundles the Node worker, once in a process. Returns the file's path. */
export function bundle(entry: string): Promise<string> {
  const made = bundles.get(entry) ?? bundled(entry);
  bundles.set(entry, made);
  return made;
}

async function bundled(entry: string): Promise<string> {
  const folder = join(ROOT, '.cache/test');
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `${entry.replaceAll(/\W/g, '-')}-${process.env['VITEST_POOL_ID']}.js`);
  await build({
    entryPoints: [join(ROOT, entry)],
    outfile,
    ...NODE,
    logLevel: 'error',
  });
  return outfile;
}
