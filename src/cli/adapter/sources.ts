import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Adapter, Source } from '../../adapter/adapter';
import { ADAPTER_CONFIG, adapterFiles, openAdapter, SHARD } from '../../adapter/open';
import { nothing, reasonOf, usage } from '../failure';

/** A file of the disk as a source. It is opened for each range, so that nobody has to close it. */
export async function fileSource(path: string): Promise<Source> {
  const info = await stat(path);
  return {
    name: basename(path),
    size: info.size,
    read: async (offset, length) => {
      const file = await open(path);
      try {
        const bytes = new Uint8Array(length);
        const { bytesRead } = await file.read(bytes, 0, length, offset);
        if (bytesRead < length) throw new Error(`${path} ends before byte ${offset + length}`);
        return bytes;
      } finally {
        await file.close();
      }
    },
  };
}

export interface OpenedAdapter {
  adapter: Adapter;
  /** The files' paths, weights first. */
  paths: readonly string[];
}

/** Opens a folder with an adapter, or its weights. @throws Failure with what is wrong */
export async function openedAdapter(path: string): Promise<OpenedAdapter> {
  const info = await stat(path).catch((error: unknown) => {
    throw usage(`${path}: cannot be read: ${reasonOf(error)}`);
  });
  const folder = info.isDirectory() ? path : dirname(path);
  const beside = await readdir(folder).catch(() => []);
  // One of several shards stands for all of them.
  const isShard = SHARD.test(basename(path));
  const named = isShard ? beside.filter((name) => SHARD.test(name)) : [basename(path)];
  const names = info.isDirectory() ? beside : [...named, ...beside.filter((name) => name === ADAPTER_CONFIG)];
  const files = adapterFiles(names);
  if ('wrong' in files) throw nothing(`${path}: ${files.wrong}`);
  const paths = files.map((name) => join(folder, name));
  try {
    const adapter = await openAdapter(await Promise.all(paths.map(fileSource)));
    if ('wrong' in adapter) throw nothing(`${path}: ${adapter.wrong}`);
    return { adapter, paths };
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw usage(`${path}: cannot be read: ${reasonOf(error)}`);
    throw error;
  }
}
