import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Source } from '../../adapter/adapter';

/** A file of the disk as a source. Each range opens and closes it. */
export async function fileSource(path: string, name = basename(path)): Promise<Source> {
  const info = await stat(path);
  return {
    name,
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
