import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syntaxOf } from '../../config/syntax/parse';
import { reasonOf, usage } from '../failure';

/** Folders of programs, not of configs; those whose names begin with a dot are skipped, too. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '__pycache__', 'venv', 'site-packages']);

/** A file that a user named, or that lies in a folder that they named. */
export interface FoundFile {
  path: string;
  isNamed: boolean;
}

/**
 * Every file of these paths that may be a config by its name, each once. Links to folders are not followed.
 * @throws Failure where a path does not exist
 */
export async function findConfigs(paths: readonly string[]): Promise<FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    const info = await stat(path).catch((error: unknown) => {
      throw usage(`${path}: cannot be read: ${reasonOf(error)}; it must be a config file or a folder`);
    });
    const files = info.isDirectory() ? await filesIn(path) : [path];
    for (const file of files) found.set(join(file), { path: file, isNamed: !info.isDirectory() });
  }
  return [...found.values()];
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === '.' ? entry.name : join(folder, entry.name);
    const isHidden = entry.name.startsWith('.') && entry.name !== '.env';
    if (entry.isDirectory() && !isHidden && !SKIPPED.has(entry.name)) files.push(...(await filesIn(path)));
    if (entry.isFile() && !isHidden && syntaxOf(entry.name) !== null) files.push(path);
  }
  return files;
}
