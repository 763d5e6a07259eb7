import { opendirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { syntaxOf } from '../../config/syntax/parse';
import type { ListAnswer, ListRequest } from '../../messages/reader';
import { globMatcher } from '../../scan/globs';

/**
 * What a folder on the disk holds, for a search through the workspace. Links to folders are left out: they may lead back to
 * where they are, or to the whole disk. Never throws: what cannot be read is left out, too.
 */
export function listFolder({ url, within, exclude, most }: ListRequest): ListAnswer {
  const files: string[] = [];
  const folders: string[] = [];
  const isExcluded = globMatcher(exclude);
  try {
    const place = fileURLToPath(url);
    const folder = opendirSync(place);
    try {
      for (let entry = folder.readSync(); entry && files.length < most; entry = folder.readSync()) {
        const { name } = entry;
        const canBeFile = entry.isFile() || entry.isSymbolicLink();
        if (entry.isDirectory()) {
          if (!isExcluded(within + name)) folders.push(name);
        } else if (canBeFile && syntaxOf(name) && !isExcluded(within + name)) {
          if (entry.isFile() || isFile(path.join(place, name))) files.push(name);
        }
      }
    } finally {
      folder.closeSync();
    }
  } catch {
    // It is gone, or may not be read.
  }
  return { files, folders };
}

/** Whether a link leads to a file. */
function isFile(link: string): boolean {
  return statSync(link, { throwIfNoEntry: false })?.isFile() ?? false;
}
