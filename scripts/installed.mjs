// Installs the packed extension into a folder, once for each package, because that starts an editor's command line.
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { CACHE } from './paths.mjs';
import { run } from './shell.mjs';

/** Nothing is looked for in a marketplace. */
export const NO_GALLERY = { EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
const PREFIX = 'extensions-';

/**
 * Puts an extension into a folder of extensions that does not exist yet.
 * @param {string} vsix the packed extension
 * @param {string} folder of the extensions of one profile
 * @param {{node: string, main: string, vscode: string}} server the editor that installs it
 */
export async function installInto(folder, vsix, server) {
  cpSync(await installed(vsix, server), folder, { recursive: true });
}

/** The folder with this package in it; folders of earlier packages go. */
async function installed(vsix, { node, main, vscode }) {
  const { mtimeMs, size } = statSync(vsix);
  const own = `${PREFIX}${vscode}-`;
  const home = path.join(CACHE, `${own}${size}-${Math.round(mtimeMs)}`);
  const there = readdirSync(CACHE).filter((name) => name.startsWith(own));
  if (there.includes(path.basename(home))) return home;
  for (const name of there) rmSync(path.join(CACHE, name), { recursive: true, force: true });
  // Named as vscode-server.mjs names what it clears away where an install was broken off.
  const building = path.join(CACHE, `installing-${process.pid}-extensions`);
  mkdirSync(building);
  try {
    const folders = ['extensions', 'server', 'data'].map((name) => path.join(building, name));
    const [extensions, data, user] = folders;
    const profile = ['--extensions-dir', extensions, '--server-data-dir', data, '--user-data-dir', user];
    await run(node, [main, '--install-extension', vsix, '--force', ...profile], {
      env: { ...process.env, ...NO_GALLERY },
    });
    renameSync(extensions, home);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return home;
}
