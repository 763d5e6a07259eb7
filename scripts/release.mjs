// `npm run release -- --dry-run [--repository https://github.com/owner/name]`: what a release consists of, in `.cache/release/`: the
// extension for both marketplaces, the terminal's program for npm, and their checksums. Publishing is the workflow's (.github/workflows).
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packExtension } from './package.mjs';
import { withoutFiles } from './packed-readme.mjs';
import { CACHE, DIST, ROOT } from './paths.mjs';
import { npm, say } from './shell.mjs';

export const RELEASE = path.join(CACHE, 'release');

/** What the program needs beside the recorder: itself, the library, the thread that trains, and the licences of what is bundled. */
const PROGRAM = ['cli.js', 'library.js', 'worker-node.js', 'tfjs-backend-wasm-simd.wasm', 'ThirdPartyNotices.txt'];

/** `import { plan } from 'lora-alpha'`, and `require`. */
const LIBRARY = { types: './dist/library.d.ts', default: './dist/library.js' };

/**
 * The package of npm, which has a manifest of its own: nothing of the editor, no dependency (all are bundled), no script.
 * @param {string} [repository] default: that of package.json
 * @param {string} [to] the folder that the tarball is written to
 * @returns {Promise<string>} the tarball
 */
export async function packProgram(repository, to = RELEASE) {
  const { name, version, license, engines, keywords, bin, repository: own } = manifestOf('package.json');
  const stage = path.join(CACHE, 'npm');
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(path.join(stage, 'dist'), { recursive: true });
  mkdirSync(to, { recursive: true });
  for (const file of PROGRAM) copyFileSync(path.join(DIST, file), path.join(stage, 'dist', file));
  copyFileSync(path.join(ROOT, 'types', 'library.d.ts'), path.join(stage, 'dist', 'library.d.ts'));
  cpSync(path.join(DIST, 'recorder'), path.join(stage, 'dist', 'recorder'), { recursive: true });
  for (const file of ['LICENSE', 'CHANGELOG.md']) copyFileSync(path.join(ROOT, file), path.join(stage, file));
  writeFileSync(path.join(stage, 'README.md'), withoutFiles(readFileSync(path.join(ROOT, 'README.md'), 'utf8')));
  const { description } = manifestOf('package.nls.json');
  const address = repository ?? own;
  const manifest = {
    ...{ name, version, description, license, keywords, bin, engines: { node: engines.node } },
    ...{ types: './dist/library.d.ts', exports: { '.': LIBRARY, './package.json': './package.json' } },
    ...{ files: ['dist', 'CHANGELOG.md'], ...(address && { repository: address }) },
  };
  writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const [packed] = JSON.parse(await npm(['pack', '--json', '--pack-destination', to], { cwd: stage }));
  return path.join(to, packed.filename);
}

const manifestOf = (name) => JSON.parse(readFileSync(path.join(ROOT, name), 'utf8'));

/** One line a file, as `sha256sum --check` takes it. */
const checksumOf = (file) =>
  `${createHash('sha256').update(readFileSync(file)).digest('hex')}  ${path.basename(file)}\n`;

if (import.meta.filename === process.argv[1]) {
  try {
    const options = { 'dry-run': { type: 'boolean' }, repository: { type: 'string' } };
    const { values } = parseArgs({ options });
    if (!values['dry-run']) throw new Error('Only --dry-run: a tag publishes (see "Release" in CONTRIBUTING.md).');
    if (!values.repository && !manifestOf('package.json').repository)
      say('No --repository: what is packed has no pictures, and no address to report to.');
    rmSync(RELEASE, { recursive: true, force: true });
    const { name, version } = manifestOf('package.json');
    const extension = path.join(RELEASE, `${name}-${version}.vsix`);
    const vsix = await packExtension(values.repository);
    mkdirSync(RELEASE, { recursive: true });
    copyFileSync(vsix, extension);
    const files = [extension, await packProgram(values.repository)];
    writeFileSync(path.join(RELEASE, 'SHA256SUMS'), files.map(checksumOf).join(''));
    for (const file of files) process.stdout.write(`${file} (${(statSync(file).size / 1000).toFixed(0)} kB)\n`);
  } catch (error) {
    say(error.message);
    process.exitCode = 1;
  }
}
