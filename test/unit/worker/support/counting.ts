import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
