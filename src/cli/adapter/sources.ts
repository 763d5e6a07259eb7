import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Adapter } from '../../adapter/adapter';
import { adapterFiles, adapterFilesOf, openAdapter } from '../../adapter/open';
import { fileSource } from '../../worker/node/file-source';
import { nothing, reasonOf, usage } from '../failure';

export interface OpenedAdapter {
  adapter: Adapter;
  /** The files' paths, weights first. */
  paths: readonly string[];
}

/** Opens a folder with an adapter, or its weights. @throws Failure with what is wrong */
export async function openedAdapter(
  path: string,
  sourceAt = (file: string) => fileSource(file),
): Promise<OpenedAdapter> {
  const info = await stat(path).catch((error: unknown) => {
    throw usage(`${path}: cannot be read: ${reasonOf(error)}`);
  });
  const folder = info.isDirectory() ? path : dirname(path);
  const beside = await readdir(folder).catch(() => []);
  const files = info.isDirectory() ? adapterFiles(beside) : adapterFilesOf(basename(path), beside);
  if ('wrong' in files) throw nothing(`${path}: ${files.wrong}`);
  const paths = files.map((name) => join(folder, name));
  try {
    const adapter = await openAdapter(await Promise.all(paths.map(sourceAt)));
    if ('wrong' in adapter) throw nothing(`${path}: ${adapter.wrong}`);
    return { adapter, paths };
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw usage(`${path}: cannot be read: ${reasonOf(error)}`);
    throw error;
  }
}
