// Builds the product, finds or makes a Python with the libraries, and starts main.py: one process a job.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from '../../scripts/bundle.mjs';
import { CACHE, ROOT } from '../../scripts/paths.mjs';
import { run, say } from '../../scripts/shell.mjs';
import { pythonWithLibraries } from './venv.mjs';

const FOLDER = path.join(CACHE, 'pytorch');

/**
 * Runs cells whose names hold all of the words, and shows what each one came to.
 * @param {{words?: string[], quick?: boolean, python?: string, jobs?: number}} options
 * @returns {Promise<object[]>} outcomes, as judge.py describes them
 */
export async function judge({ words = [], quick = false, python, jobs = 1 }) {
  const program = await pythonWithLibraries(python);
  await bundle({ 'pytorch-product': 'test/pytorch/product.ts' });
  mkdirSync(FOLDER, { recursive: true });
  const product = path.join(CACHE, 'pytorch-product.js');
  const shares = Array.from({ length: jobs }, async (_, i) => {
    const json = path.join(FOLDER, `outcomes-${i + 1}-of-${jobs}.json`);
    rmSync(json, { force: true });
    const args = [path.join(ROOT, 'test/pytorch/main.py'), '--product', product, '--json', json, ...words];
    args.push('--share', `${i + 1}/${jobs}`, ...(quick ? ['--quick'] : []));
    const ended = await run(program, args, { cwd: ROOT, show: true }).catch((error) => error);
    // A failed cell ends it with a status of its own, and stands in the report.
    if (!existsSync(json)) throw ended instanceof Error ? ended : new Error('main.py wrote no report.');
    return JSON.parse(readFileSync(json, 'utf8'));
  });
  return (await Promise.all(shares)).flat();
}

/** @returns {Promise<number>} the exit status */
export async function runPytorch(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean' },
      python: { type: 'string' },
      jobs: { type: 'string' },
    },
  });
  const { quick, python } = values;
  const outcomes = await judge({ words: positionals, quick, python, jobs: Number(values.jobs ?? 1) });
  say(summary(outcomes));
  return outcomes.some(({ failed }) => failed) ? 1 : 0;
}

/** What the suite came to, in one line. */
export function summary(outcomes) {
  const claims = outcomes.flatMap((outcome) => outcome.claims);
  const counts = {
    'cells passed': outcomes.filter(({ skipped, failed }) => !skipped && !failed),
    failed: outcomes.filter(({ failed }) => failed),
    skipped: outcomes.filter(({ skipped }) => skipped),
    'times exact said and true': claims.filter(({ says, is_true }) => says === 'exact' && is_true),
    'said and false': claims.filter(({ is_false }) => is_false),
    'not said though true': claims.filter(({ says, is_exact }) => says !== 'exact' && is_exact),
  };
  return Object.entries(counts)
    .map(([what, { length }]) => `${length} ${what}`)
    .join(', ');
}
