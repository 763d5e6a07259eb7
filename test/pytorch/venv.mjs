// Finds a Python with the libraries: the one named by the user, or a virtual environment in the cache, made on first
// use.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../../scripts/paths.mjs';
import { run, say, which } from '../../scripts/shell.mjs';

// Outside of the project folder, because packing the extension searches that whole folder.
const HOME = process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache');
const VENV = path.join(HOME, 'lora-alpha', 'pytorch');
const PROGRAM = path.join(VENV, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
const [needed, optional, loaders, bare] = [
  'pytorch/requirements.txt',
  'pytorch/requirements-optional.txt',
  'judges/requirements.txt',
  'judges/requirements-bare.txt',
].map((name) => path.join(ROOT, 'test', name));

/** There is no Python, or its packages cannot be installed: a step that needs them is skipped with this reason. */
export class NoLibraries extends Error {}

/**
 * @param {string} [named] a Python of the user's own, in place of LORA_ALPHA_PYTHON
 * @returns {Promise<string>} the program
 * @throws {NoLibraries}
 */
export async function pythonWithLibraries(named = process.env.LORA_ALPHA_PYTHON) {
  if (named) return named;
  const wanted = [needed, optional, loaders, bare].map((list) => readFileSync(list, 'utf8')).join('');
  const mark = path.join(VENV, 'installed.txt');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return PROGRAM;
  const python = which('python3', 'python');
  if (!python) throw new NoLibraries('there is no python3 on the PATH');
  say(`Installing the libraries into ${VENV} (about 2 GB, once) …`);
  const pip = (...args) => run(PROGRAM, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args]);
  try {
    await run(python, ['-m', 'venv', '--clear', VENV]);
    await pip('-r', needed);
  } catch (error) {
    throw new NoLibraries(`the libraries could not be installed: ${error.message}`);
  }
  for (const name of packagesOf(optional)) {
    await pip('--no-build-isolation', name).catch(() => say(`${name} could not be installed; its cells are skipped.`));
  }
  try {
    await pip('-r', loaders);
    await pip('--no-deps', '-r', bare);
  } catch (error) {
    say(`The trainers' loaders could not be installed; their judges are skipped. ${error.message}`);
  }
  writeFileSync(mark, wanted);
  return PROGRAM;
}

function packagesOf(list) {
  return readFileSync(list, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}
