import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { syntaxOf } from '../../config/syntax/parse';
import { globMatcher, withoutBraces } from '../../scan/globs';

/** Folders of programs, not of configs; those whose names begin with a dot are skipped, too. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '__pycache__', 'venv', 'site-packages']);

/** Whether an argument that names no file is a glob. */
const isGlob = (path: string): boolean => /[*?[{]/.test(path);

/** A file that a user named, or that lies in a folder that they named. */
export interface FoundFile {
  path: string;
  isNamed: boolean;
}

/** Every named file, and what may be a config by its name in folders and globs; links to folders are not followed. */
export async function findConfigs(paths: readonly string[]): Promise<FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    const info = await stat(path).catch(() => null);
    const isNamed = info ? !info.isDirectory() : !isGlob(path);
    const files = isNamed ? [path] : info ? await filesIn(path) : await matching(path);
    for (const file of files) found.set(join(file), { path: file, isNamed });
  }
  return [...found.values()];
}

async function matching(glob: string): Promise<string[]> {
  const parts = glob.split('/');
  const at = parts.findIndex(isGlob);
  const folder = parts.slice(0, at).join('/') || (glob.startsWith('/') ? '/' : '.');
  const matches = globMatcher(withoutBraces(parts.slice(at).join('/')));
  const files = await filesIn(folder).catch(() => []);
  return files.filter((file) => matches(relative(folder, file).split(sep).join('/')));
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
