import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
// @ts-expect-error: scripts have no types here
import { NODE } from '../../../../scripts/bundle.mjs';

const ROOT = resolve(__dirname, '../../../..');

export const ASSETS = join(ROOT, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');

/** Bundles a program as esbuild.mjs bundles the Node worker. Returns the file's path. */
export async function bundle(entry: string, name: string): Promise<string> {
  const folder = join(ROOT, '.cache/test');
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `${name}.js`);
  await build({
    entryPoints: [join(ROOT, entry)],
    outfile,
    ...NODE,
    logLevel: 'error',
  });
  return outfile;
}
