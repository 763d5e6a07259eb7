import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isExport } from '../../export/python/head';
import type { SweepFile } from '../../export/sweep';
import { usage } from '../failure';
import { assertNoLoss, writeNew } from './files';
import { reasonOf } from './reason';

/** Folders that sweeps and Python make among exported files. */
const OF_SWEEPS: ReadonlySet<string> = new Set(['results', '__pycache__']);

/**
 * Refuses a folder with anything but earlier exports and their results. There need not be such a folder.
 * @throws Failure
 */
export async function assertOnlyExports(folder: string): Promise<void> {
  const info = await stat(folder).catch(() => null);
  if (!info) return;
  if (!info.isDirectory()) throw usage(`${folder}: is a file; --out must be a folder, new or empty`);
  const names = await readdir(folder).catch((error: unknown) => {
    throw usage(`${folder}: cannot be read: ${reasonOf(error)}`);
  });
  for (const name of names) {
    // Hidden files are those of file managers and editors.
    if (name.startsWith('.') || OF_SWEEPS.has(name)) continue;
    await assertNoLoss(join(folder, name), isExport, 'an export of LoRA Alpha; choose a new or empty folder');
  }
}

/**
 * Writes files into a folder, which is made if it is missing.
 * @returns the files of earlier exports that are as they were
 * @throws Failure with a line that says why that cannot be done
 */
export async function writeFolder(folder: string, files: readonly SweepFile[]): Promise<string[]> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw usage(`${folder}: cannot be made: ${reasonOf(error)}`);
  }
  for (const { name, text } of files) await writeNew(join(folder, name), text);
  const written = new Set(files.map(({ name }) => name));
  return (await readdir(folder)).filter((name) => name.endsWith('.py') && !written.has(name)).toSorted();
}
