// The extension as an editor installs it: once a package, since that starts an editor's whole command line.
import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { CACHE } from './paths.mjs';
import { run } from './shell.mjs';

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
  const building = mkdtempSync(path.join(CACHE, 'installing-'));
  try {
    const folders = ['extensions', 'server', 'data'].map((name) => path.join(building, name));
    const [extensions, data, user] = folders;
    const profile = ['--extensions-dir', extensions, '--server-data-dir', data, '--user-data-dir', user];
    await run(node, [main, '--install-extension', vsix, '--force', ...profile], {
      env: { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}' },
    });
    renameSync(extensions, home);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return home;
}
