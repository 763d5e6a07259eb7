import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../../scripts/paths.mjs';
import type { Server } from '../../../scripts/server.mjs';

/** What a window shows: a folder, two folders with the same files, or files that lie on no disk. */
export type Place = 'folder' | 'two folders' | 'virtual';

interface LaidOut {
  /** What the window's address opens. */
  address: string;
  /** The files that can be changed from outside; those of the second of two folders. */
  folder: string;
}

/** Lays the examples and these files out (path → text). */
export function layOut(server: Server, place: Place, files: Record<string, string>): LaidOut {
  const home = mkdtempSync(path.join(server.folder, 'workspace-'));
  if (place === 'two folders') return twoFolders(home, files);
  fill(home, files);
  return { address: place === 'virtual' ? onNoDisk(server.folder, home) : home, folder: home };
}

function fill(folder: string, files: Record<string, string>): void {
  cpSync(path.join(ROOT, 'examples'), folder, { recursive: true });
  // The editor may not watch its files yet when it shows them: those of the first tests are there before.
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
}

function twoFolders(home: string, files: Record<string, string>): LaidOut {
  const names = ['first', 'second'];
  for (const name of names) fill(path.join(home, name), files);
  const address = path.join(home, 'both.code-workspace');
  writeFileSync(address, JSON.stringify({ folders: names.map((name) => ({ path: name })) }));
  return { address, folder: path.join(home, 'second') };
}

const VIRTUAL_FILES = path.join(import.meta.dirname, 'virtual-files');

/** Gives the editor an extension that serves this folder's files from its memory. */
function onNoDisk(serverFolder: string, folder: string): string {
  const extensions = path.join(serverFolder, 'extensions');
  const own = path.join(extensions, 'virtual-files');
  cpSync(VIRTUAL_FILES, own, { recursive: true });
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  const texts = names.map((name) => [path.join('work', name), readFileSync(path.join(folder, name), 'utf8')]);
  writeFileSync(path.join(own, 'files.json'), JSON.stringify(Object.fromEntries(texts)));
  const list = path.join(extensions, 'extensions.json');
  const entry = {
    identifier: { id: 'lora-alpha-test.virtual-files' },
    version: '1.0.0',
    location: { $mid: 1, path: own, scheme: 'file' },
    relativeLocation: 'virtual-files',
  };
  const others: unknown[] = JSON.parse(readFileSync(list, 'utf8'));
  writeFileSync(list, JSON.stringify([...others, entry]));
  return 'virtual:/work';
}
