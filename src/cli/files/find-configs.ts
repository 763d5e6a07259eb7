import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { syntaxOf } from '../../config/syntax/parse';
import { globMatcher, withoutBraces } from '../../scan/globs';
import { reasonOf, usage } from '../failure';

/** Folders of programs, not of configs; those whose names begin with a dot are skipped, too. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '__pycache__', 'venv', 'site-packages']);

/** Whether an argument that names no file is a glob. */
export const isGlob = (path: string): boolean => /[*?[{]/.test(path);

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
      if (isGlob(path)) return null;
      throw usage(`${path}: cannot be read: ${reasonOf(error)}; it must be a config file or a folder`);
    });
    const files = !info ? await matching(path) : info.isDirectory() ? await filesIn(path) : [path];
    for (const file of files) found.set(join(file), { path: file, isNamed: info?.isDirectory() === false });
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
