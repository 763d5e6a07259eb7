// `npm run package`: builds and packs the extension into the cache.
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { newestUnder } from './fresh.mjs';
import { CACHE, ROOT, VSIX } from './paths.mjs';
import { run, say } from './shell.mjs';

/** Packs; vsce builds before it does (`vscode:prepublish`). */
export async function packExtension() {
  mkdirSync(CACHE, { recursive: true });
  const vsce = path.join(ROOT, 'node_modules', '@vscode', 'vsce', 'vsce');
  // The README's pictures are relative until the project has an address to publish from.
  const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  await run(process.execPath, [vsce, 'package', ...options, '--out', VSIX], { cwd: ROOT });
  return VSIX;
}

/** Packs, where there is no package or a source is newer. */
export async function ensurePacked() {
  const sources = ['src', 'media', 'package.json', 'package.nls.json', 'esbuild.mjs', 'README.md'];
  const newest = Math.max(...sources.map((name) => newestUnder(path.join(ROOT, name))));
  if (newestUnder(VSIX) < newest) {
    say('Packing the extension …');
    await packExtension();
  }
  return VSIX;
}

if (import.meta.filename === process.argv[1]) {
  try {
    await packExtension();
    process.stdout.write(`${VSIX} (${(statSync(VSIX).size / 1000).toFixed(0)} kB)\n`);
  } catch (error) {
    say(error.message);
    process.exitCode = 1;
  }
}
