import { type RunOptions, runExperiment } from '../../src/experiment/run';
import type { BackendId, ExperimentSpec } from '../../src/experiment/spec';
import { specFor } from '../../src/experiment/specs/spec-for';
import { optimizerRow, OPTIMIZER_ROWS } from '../../src/recipe/optimizers/optimizers';
import { plansFor } from '../../src/recipe/plans/plans';
import { everyKnob, optimizerOf, recipeWith } from '../support/recipe';
import { quiet } from '../unit/experiment/support/lab';
import { costOf, stepWork } from '../../src/experiment/cost/time';

/**
 * `npm run costs [-- wasm | cpu]`: what every optimizer costs on every task as predicted and as measured, and the numbers of
 * cost/time.ts that fit best. Processor time counts, not the clock, so that a busy machine measures the same.
 */

/** A run that nobody watches. */
const quietly: RunOptions = { ...quiet, assets: 'node_modules/@tensorflow/tfjs-backend-wasm/dist' };

/** The usual check of a task under an optimizer at its own rate: LoRA on q and v, dropout, four mini-batches, a clip. */
function specOf(task: ExperimentSpec['task'], id: string, backend: BackendId = 'wasm'): ExperimentSpec {
  const row = optimizerRow(id);
  if (!row) throw new Error(`no row ${id}`);
  const recipe = recipeWith({
    learningRate: row.defaults.learningRate,
    targetModules: ['q_proj', 'v_proj'],
    dropout: 0.05,
    optimizer: optimizerOf(row, {}),
  });
  const plans = plansFor(recipe, 48, everyKnob);
  return specFor(recipe, plans, plans.plans[0]?.id ?? 'symmetric', { backend, task }).spec;
}

const TASKS = ['linear', 'mlp', 'transformer'] as const;

/** JavaScript is slow enough to be told by a few rows. */
const ON_CPU = ['sgd', 'adamw', 'came', 'prodigy'];

/** A name for people, and what is trained. */
type Named = readonly [name: string, spec: ExperimentSpec];

/** Milliseconds of processor time, the least of some runs. */
async function timed(spec: ExperimentSpec, runs = 1): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const begun = process.cpuUsage();
    await runExperiment(spec, quietly);
    const { user, system } = process.cpuUsage(begun);
    best = Math.min(best, (user + system) / 1e3);
  }
  return best;
}

/** Of a step, once the code is warm and the base model is there. */
async function stepOf(spec: ExperimentSpec): Promise<number> {
  await timed({ ...spec, steps: 30 });
  const [few, many] = [await timed({ ...spec, steps: 20 }, 3), await timed({ ...spec, steps: 140 }, 3)];
  return Math.max(0.12, many - few) / 120;
}

/** Least squares on relative errors, by coordinate descent that keeps every number at 0 or above. */
function fit(rows: readonly { work: readonly number[]; ms: number }[]): number[] {
  const numbers = rows[0]?.work.map(() => 1e-6) ?? [];
  for (let round = 0; round < 2000; round++) {
    numbers.forEach((_, i) => {
      let [above, below] = [0, 0];
      for (const { work, ms } of rows) {
        const rest = work.reduce((sum, each, j) => (j === i ? sum : sum + each * (numbers[j] ?? 0)), 0);
        const own = (work[i] ?? 0) / ms;
        above += own * (1 - rest / ms);
        below += own ** 2;
      }
      numbers[i] = Math.max(0, above / below);
    });
  }
  return numbers;
}

function specsOn(backend: BackendId): Named[] {
  const ids = backend === 'wasm' ? OPTIMIZER_ROWS.map(({ id }) => id) : ON_CPU;
  const usual = TASKS.flatMap((task) => ids.map((id): Named => [`${task} ${id}`, specOf(task, id, backend)]));
  const wide = backend === 'wasm' ? 128 : 48;
  const large = (task: 'linear' | 'mlp', fields: Partial<ExperimentSpec>): Named => [
    `${task} adamw, ${wide} wide`,
    { ...specOf(task, 'adamw', backend), width: wide, batch: wide, ...fields },
  ];
  return [...usual, large('linear', {}), large('mlp', { sizes: { hidden: wide, layers: 2 } })];
}

async function table(backend: BackendId): Promise<void> {
  const rows: { work: number[]; ms: number; ratio: number }[] = [];
  for (const [name, spec] of specsOn(backend)) {
    const ms = await stepOf(spec);
    const predicted = costOf(spec, backend).ofSteps / spec.steps;
    const ratio = predicted / ms;
    const { elements, products } = stepWork(spec);
    const ofTask = TASKS.map((task) => (task === spec.task ? 1 : 0));
    rows.push({ work: [...ofTask, elements * 1e-6, products * 1e-6], ms, ratio });
    const [step, guess] = [ms, predicted].map((time) => time.toFixed(3).padStart(8));
    console.log(`${backend} ${name.padEnd(42)} ${step} ms a step, predicted ${guess}: × ${ratio.toFixed(2)}`);
  }
  const ratios = rows.map(({ ratio }) => ratio);
  const outside = ratios.filter((ratio) => ratio < 1 / 2 || ratio > 2).length;
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2));
  console.log(`${backend}: × ${least} to × ${most}, ${outside} of ${rows.length} outside a factor of 2`);
  const fitted = fit(rows).map((number) => Number(number.toPrecision(3)));
  const [linear, mlp, transformer, elementNs, productNs] = fitted;
  console.log(
    `${backend} fits best: ${JSON.stringify({ stepMs: { linear, mlp, transformer }, elementNs, productNs })}\n`,
  );
}

async function main(backends: readonly string[]): Promise<void> {
  for (const backend of ['wasm', 'cpu'] as const)
    if (backends.length === 0 || backends.includes(backend)) await table(backend);
}

void main(process.argv.slice(2));
