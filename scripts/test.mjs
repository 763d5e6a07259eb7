// `npm test`: everything, on a machine with nothing but Node 20 or newer. The last line says how many passed and failed.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { checkNode, ensurePackages } from './fresh.mjs';
import { OUTCOME_FILE } from './outcome-reporter.mjs';
import { inTwoTries, tellSkipped, tellTroubles } from './outcomes.mjs';
import { NoLibraries, pythonWithLibraries } from '../test/pytorch/venv.mjs';
import { CACHE, ROOT } from './paths.mjs';
import { run, say } from './shell.mjs';

/** @typedef {import('./outcomes.mjs').Outcome & {name: string, seconds: number}} Step */

/** @type {Step[]} */
const steps = [];

/** Runs a step that counts its own tests; one that throws counts as one failure, and the others still run. */
async function step(name, work) {
  say(`\n── ${name}`);
  const begin = Date.now();
  let outcome;
  try {
    outcome = { skipped: [], ...(await work()) };
    // A pattern that matches no file is no success.
    if (outcome.passed + outcome.failed + outcome.skipped.length === 0) throw new Error(`${name}: no test was run.`);
  } catch (error) {
    outcome = { skipped: [], ...brokenStep(name, error) };
  }
  steps.push({ name, ...outcome, seconds: (Date.now() - begin) / 1000 });
}

function brokenStep(name, error) {
  say(error.message);
  return { passed: 0, failed: 1, troubles: [{ name, why: error.message, again: false }] };
}

/** A step that is one check: it passes unless it throws. */
const check = (name, work) =>
  step(name, async () => {
    await work();
    return { passed: 1, failed: 0, troubles: [] };
  });

/** Runs projects of vitest.config.mts, or these files of them. */
async function filesOf(projects, files = []) {
  const output = path.join(CACHE, `outcome-${projects.join('-')}.json`);
  mkdirSync(CACHE, { recursive: true });
  rmSync(output, { force: true });
  const reporter = path.join(ROOT, 'scripts', 'outcome-reporter.mjs');
  const args = ['run', ...files, '--reporter=dot', `--reporter=${reporter}`];
  for (const project of projects) args.push('--project', project);
  const ended = await run(process.execPath, [path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), ...args], {
    cwd: ROOT,
    env: { ...process.env, [OUTCOME_FILE]: output },
    show: true,
  }).catch((error) => error);
  // Whoever ends before he has written a report has said why.
  if (!existsSync(output)) throw ended instanceof Error ? ended : new Error(`vitest wrote no report for ${projects}.`);
  const parts = JSON.parse(readFileSync(output, 'utf8'));
  if (ended instanceof Error && parts.every(({ failed }) => failed === 0)) throw ended;
  return parts;
}

const vitest = (...projects) => inTwoTries((files) => filesOf(projects, files));

/** Runs beside the end-to-end tests, so what it says is kept until it has ended. */
async function integration(editor) {
  const { runIntegration } = await import('./integration.mjs');
  const told = [];
  try {
    return await inTwoTries((suites) => runIntegration(editor, { suites, tell: (line) => told.push(line) }));
  } finally {
    say([`\n── Inside the ${editor} editor: what was said`, ...told].join('\n'));
  }
}

const script = (file, ...args) => run(process.execPath, [path.join(ROOT, file), ...args], { cwd: ROOT });

async function prepare() {
  const [{ chromiumPath }, { vscodeServer, EDITORS }] = await Promise.all([
    import('./chromium.mjs'),
    import('./vscode-server.mjs'),
  ]);
  await chromiumPath();
  for (const editor of Object.keys(EDITORS)) await vscodeServer(editor);
}

/** On a machine without Python the judges are skipped; in CI nothing may be. */
function withoutLibraries(error) {
  if (!(error instanceof NoLibraries) || process.env.CI) throw error;
  say(error.message);
  return 'python3';
}

const TRAINED = 'Plans, trained by the real libraries';

async function trainedPlans(python) {
  return (await import('../test/pytorch/suite.mjs')).quickStep(python);
}

/** Without Python this step is skipped, like the judges; in CI it fails. */
function notTrained(error) {
  withoutLibraries(error);
  return { passed: 0, failed: 0, troubles: [], skipped: [{ name: TRAINED, why: error.message }] };
}

/** Pythons of the tests, whichever starts them, load libraries in less time. */
function quickenPython() {
  const folder = path.join(ROOT, 'test', 'support', 'python');
  process.env.PYTHONPATH = [folder, process.env.PYTHONPATH].filter(Boolean).join(path.delimiter);
}

async function everything() {
  checkNode();
  quickenPython();
  await ensurePackages();
  // Comes over the network while the rest computes.
  const editors = prepare();
  editors.catch(() => undefined);
  const libraries = pythonWithLibraries();
  libraries.catch(() => undefined);
  // Two rows, since each waits for a single process now and then: beside the other, that leaves no processor idle.
  const product = async () => {
    await check('Build and pack', async () => (await import('./package.mjs')).packExtension());
    await step('Units, golden values, corpus, fuzz, package, terminal', () => vitest('unit', 'cli'));
  };
  const trainers = async () => {
    await check('Types', () => script('scripts/types.mjs'));
    await check('Lint', () => script('node_modules/eslint/bin/eslint.js', '.'));
    await step("The trainers' own loaders, and a Trainer under record and try", async () => {
      process.env.LORA_ALPHA_PYTHON = await libraries.catch(withoutLibraries);
      return vitest('judges', 'runs');
    });
    await step(TRAINED, () => libraries.then(trainedPlans, notTrained));
  };
  await Promise.all([product(), trainers()]);
  await check('Editors and Chromium', () => editors);
  // Editors wait now and then: again in rows, which take about as long.
  const first = async () => {
    await step('In the newest editor, as a user', () => vitest('e2e'));
  };
  const second = async () => {
    await step('The pages, in a browser', () => vitest('pages'));
    await step('Inside the oldest editor', () => integration('oldest'));
    await step('In the oldest editor, as a user', () => vitest('e2e-oldest'));
  };
  const third = async () => {
    await step('In windows of their own, as a user', () => vitest('e2e-apart'));
    await step('Inside the newest editor', () => integration('newest'));
  };
  await Promise.all([first(), second(), third()]);
}

try {
  await everything();
} catch (error) {
  steps.push({ name: 'Set-up', skipped: [], ...brokenStep('Set-up', error), seconds: 0 });
}

// A log's end is what is read of it.
const troubles = tellTroubles(steps.flatMap((each) => each.troubles));
if (troubles) say(`\n${troubles}`);

const skipped = tellSkipped(steps.flatMap((each) => each.skipped));
if (skipped) say(`\n${skipped}`);

const sum = (key) => steps.reduce((total, each) => total + each[key], 0);
const width = Math.max(...steps.map(({ name }) => name.length));
say('');
for (const { name, passed, failed, skipped: left, seconds } of steps) {
  say(
    `${name.padEnd(width)}  ${String(passed).padStart(5)} passed  ${failed} failed  ${String(left.length).padStart(3)} skipped  ${seconds.toFixed(0).padStart(4)} s`,
  );
}
process.exitCode = sum('failed') > 0 ? 1 : 0;
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
