// Builds the product, finds or makes a Python with the libraries, and starts main.py, whose jobs are forks of it.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundle } from '../../scripts/bundle.mjs';
import { CACHE, ROOT } from '../../scripts/paths.mjs';
import { run } from '../../scripts/shell.mjs';
import { asStep } from './counts.mjs';
import { pythonWithLibraries } from './venv.mjs';

const FOLDER = path.join(CACHE, 'pytorch');
/** What main.py is handed, by its options: bundles that print cases as JSON. */
const PRINTED = {
  '--codes': 'init-code',
  '--exported': 'exported-files',
  '--resumed': 'resumed-checkpoints',
  '--ranks': 'ranks',
};

/**
 * Runs cells whose names contain all of the words, and prints the result of each.
 * @param {{words?: string[], quick?: boolean, python?: string, jobs?: number, entries?: string[]}} options `entries`:
 *   trainers of entry/, whose cells run in place of all others
 * @returns {Promise<{outcomes: object[], versions: Record<string, string>}>} outcomes as judge.py describes them
 */
export async function judge({ words = [], quick = false, python, jobs = 1, entries = [] }) {
  const program = await pythonWithLibraries(python);
  await bundle({
    'pytorch-product': 'test/pytorch/product.ts',
    'init-code': 'test/pytorch/init_code/print.ts',
    'exported-files': 'test/pytorch/exported/print.ts',
    'resumed-checkpoints': 'test/pytorch/resumed/print.ts',
    ranks: 'test/pytorch/ranks/print.ts',
  });
  mkdirSync(FOLDER, { recursive: true });
  const product = path.join(CACHE, 'pytorch-product.js');
  const prints = Object.entries(PRINTED).map(async ([option, name]) => {
    const file = path.join(FOLDER, `${name}.json`);
    writeFileSync(file, await run(process.execPath, [path.join(CACHE, `${name}.js`)]));
    return [option, file];
  });
  const printed = (await Promise.all(prints)).flat();
  const files = Array.from({ length: jobs }, (_, i) => path.join(FOLDER, `outcomes-${i + 1}-of-${jobs}.json`));
  for (const json of files) rmSync(json, { force: true });
  const args = [path.join(ROOT, 'test/pytorch/main.py'), '--product', product, ...printed, ...words];
  args.push(...files.flatMap((json) => ['--json', json]), ...(quick ? ['--quick'] : []));
  args.push(...entries.flatMap((name) => ['--entry', name]));
  // A library that ends the process with a signal leaves where Python stood.
  const env = { ...process.env, PYTHONFAULTHANDLER: '1' };
  const failed = await run(program, args, { cwd: ROOT, env, show: true }).catch((error) => error);
  const reports = files.map((json) => {
    // A failed cell ends it with a status of its own, and stands in the report.
    if (!existsSync(json)) throw failed;
    const { cells, outcomes, versions, ended } = JSON.parse(readFileSync(json, 'utf8'));
    return { versions, outcomes: [...outcomes, ...cells.slice(outcomes.length).map(endedIn(ended))] };
  });
  const outcomes = reports.flatMap((report) => report.outcomes);
  if (outcomes.length === 0) throw new Error('No cell has such a name.');
  return { outcomes, versions: reports[0].versions };
}

/** The outcome of a cell that its process ended in (a signal of a C library, say), and of those that were to follow. */
const endedIn = (ended) => (cell, i) => ({
  ...{ cell, note: '', claims: [], refusal: null, skipped: null, seconds: 0, failed: true },
  faults: [i === 0 ? `its process ended with status ${ended}` : 'not run: the process ended before'],
});

/**
 * Programs of test/run under the recorder: those of its quick part.
 * @param {string} python with torch
 * @returns {Promise<{name: string, why: string}[]>} one for each program; `why` is empty where it is as expected
 */
async function recordedPrograms(python) {
  const json = path.join(FOLDER, 'recorded.json');
  rmSync(json, { force: true });
  const args = [path.join(ROOT, 'test/run/run.py'), '--quick', '--json', json];
  const ended = await run(python, args, { cwd: ROOT }).catch((error) => error);
  if (!existsSync(json)) throw ended;
  return JSON.parse(readFileSync(json, 'utf8')).map(({ name, wrong }) => ({ name, why: wrong.join('\n') }));
}

/**
 * The part of it that is a step of npm test.
 * @param {string} python with the libraries
 */
export async function quickStep(python) {
  const { outcomes } = await judge({ quick: true, python, jobs: 2 });
  const [step, recorded] = [asStep(outcomes), await recordedPrograms(python)];
  const troubles = recorded.filter(({ why }) => why !== '').map((program) => ({ ...program, again: false }));
  return {
    ...step,
    passed: step.passed + recorded.length - troubles.length,
    failed: step.failed + troubles.length,
    troubles: [...step.troubles, ...troubles],
  };
}
