import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { tmpdir } from 'node:os';
// @ts-expect-error: scripts have no types here
import { NODE } from '../../../../scripts/bundle.mjs';
import type { RunListener } from '../../../../src/worker/runner';

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

/** The worker behind a program that counts how many threads have been started with it. */
export async function countingWorker(workerPath: string): Promise<{ path: string; starts(): Promise<number> }> {
  const folder = await mkdtemp(join(tmpdir(), 'lora-alpha-counting-'));
  const [path, log] = [join(folder, 'worker.cjs'), join(folder, 'starts')];
  await writeFile(
    path,
    `require('node:fs').appendFileSync(${JSON.stringify(log)}, '.');
     require(${JSON.stringify(workerPath)});`,
  );
  return { path, starts: async () => (await readFile(log, 'utf8')).length };
}

/** A listener that counts points and resolves `running` when the first have come. */
export function listening(): { listener: RunListener; running: Promise<void>; points: () => number } {
  let begin: () => void = () => undefined;
  let count = 0;
  const running = new Promise<void>((resolve) => (begin = resolve));
  const onPoints: RunListener['onPoints'] = ({ losses }) => {
    count += losses[0]?.length ?? 0;
    begin();
  };
  return { listener: { onPoints }, running, points: () => count };
}
