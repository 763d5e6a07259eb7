// `npm run package [-- --repository https://github.com/owner/name]`: builds and packs the extension into the cache.
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { listFiles, PackageManager } from '@vscode/vsce';
import { build, newestUnder } from './fresh.mjs';
import { withoutFiles } from './packed-readme.mjs';
import { CACHE, ROOT, VSIX } from './paths.mjs';
import { run, say } from './shell.mjs';
import { packSmaller } from './smaller-zip.mjs';

/**
 * Builds, and packs. vsce gives the README's pictures and links their https addresses in `repository`; without one the
 * packed README has no pictures.
 * @param {string} [repository] `https://github.com/owner/name`; default: that of package.json
 */
export async function packExtension(repository) {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  mkdirSync(CACHE, { recursive: true });
  await build();
  const stage = await staged(repository ? { ...manifest, repository } : manifest);
  const vsce = path.join(ROOT, 'node_modules', '@vscode', 'vsce', 'vsce');
  const nowhere = ['--allow-missing-repository', '--no-rewrite-relative-links'];
  const options = ['--no-dependencies', ...(repository || manifest.repository ? [] : nowhere)];
  await run(process.execPath, [vsce, 'package', ...options, '--out', VSIX], { cwd: stage });
  await packSmaller(VSIX);
  return VSIX;
}

/** A copy of what is packed, built already. */
async function staged(manifest) {
  const stage = path.join(CACHE, 'package');
  rmSync(stage, { recursive: true, force: true });
  for (const file of await listFiles({ cwd: ROOT, packageManager: PackageManager.None })) {
    const copy = path.join(stage, file);
    mkdirSync(path.dirname(copy), { recursive: true });
    cpSync(path.join(ROOT, file), copy);
  }
  writeFileSync(path.join(stage, 'package.json'), JSON.stringify({ ...manifest, scripts: undefined }, null, 2));
  for (const page of manifest.repository ? [] : ['README.md', 'CHANGELOG.md']) {
    writeFileSync(path.join(stage, page), withoutFiles(readFileSync(path.join(ROOT, page), 'utf8')));
  }
  return stage;
}

/** Packs, where there is no package or a source is newer. */
export async function ensurePacked() {
  const manifests = ['package.json', 'package.nls.json', 'package.nls.de.json'];
  const sources = ['src', 'media', 'l10n', ...manifests, 'esbuild.mjs', 'scripts', 'README.md', 'examples'];
  const newest = Math.max(...sources.map((name) => newestUnder(path.join(ROOT, name))));
  if (newestUnder(VSIX) < newest) {
    say('Packing the extension …');
    await packExtension();
  }
  return VSIX;
}

if (import.meta.filename === process.argv[1]) {
  try {
    const { values } = parseArgs({ options: { repository: { type: 'string' } } });
    await packExtension(values.repository);
    process.stdout.write(`${VSIX} (${(statSync(VSIX).size / 1000).toFixed(0)} kB)\n`);
  } catch (error) {
    say(error.message);
    process.exitCode = 1;
  }
}
