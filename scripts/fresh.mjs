// Brings a clone up to date: its packages, then its bundles. Node's own modules only, since nothing may be installed yet.
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { DIST, ROOT, SCRIPTS } from './paths.mjs';
import { npm, run, say } from './shell.mjs';

const OLDEST_NODE = 20;

/** Throws one clear sentence on a Node that cannot run this. */
export function checkNode() {
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return;
  throw new Error(`LoRA Alpha needs Node ${OLDEST_NODE} or newer; this is ${process.versions.node}.`);
}

/** `npm ci`, where packages are missing or older than the lock file. */
export async function ensurePackages() {
  const installed = path.join(ROOT, 'node_modules', '.package-lock.json');
  if (changedAt(installed) >= changedAt(path.join(ROOT, 'package-lock.json'))) return;
  say('Installing packages (npm ci) …');
  await npm(['ci', '--no-audit', '--no-fund'], { cwd: ROOT });
}

/** Builds, where a bundle is missing or older than a source. */
export async function ensureBuilt() {
  const sources = ['src', 'esbuild.mjs', 'scripts', 'package-lock.json'].map((name) =>
    newestUnder(path.join(ROOT, name)),
  );
  const built = Math.min(...[...SCRIPTS, 'cli'].map((name) => changedAt(path.join(DIST, `${name}.js`))));
  if (built >= Math.max(...sources)) return;
  await build();
}

/** The bundles as they are shipped. */
export async function build() {
  say('Building …');
  await run(process.execPath, ['esbuild.mjs', '--production'], { cwd: ROOT });
}

/** Milliseconds of the last change; 0 where there is no such file. */
function changedAt(file) {
  return existsSync(file) ? statSync(file).mtimeMs : 0;
}

/** Milliseconds of the last change in a file or folder; 0 where there is nothing. */
export function newestUnder(place) {
  if (!existsSync(place) || !statSync(place).isDirectory()) return changedAt(place);
  return Math.max(0, ...readdirSync(place).map((name) => newestUnder(path.join(place, name))));
}
