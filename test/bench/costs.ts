import { type RunOptions, runExperiment } from '../../src/experiment/run';
import type { BackendId, ExperimentSpec } from '../../src/experiment/spec';
import { specFor } from '../../src/experiment/specs/spec-for';
import { optimizerRow, OPTIMIZER_ROWS } from '../../src/recipe/optimizers/optimizers';
import { plansFor } from '../../src/recipe/plans/plans';
import { everyKnob, recipeWith } from '../support/recipe';
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
    optimizer: { ...recipeWith().optimizer, row: id, name: id, eps: null, betas: null, weightDecay: null },
  });
  const plans = plansFor(recipe, 48, everyKnob);
  return specFor(recipe, plans, plans.plans[0]?.id ?? 'symmetric', { backend, task }).spec;
}

const TASKS = ['linear', 'mlp', 'transformer'] as const;

/** JavaScript is slow enough to be told by a few rows. */
const ON_CPU = ['sgd', 'adamw', 'came', 'prodigy'];

interface Row {
  name: string;
  id: string;
  spec: ExperimentSpec;
  step: number;
}

/** Milliseconds of processor time. */
async function timed(spec: ExperimentSpec): Promise<number> {
  const begun = process.cpuUsage();
  await runExperiment(spec, quietly);
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e3;
}

async function bestOf(runs: number, spec: ExperimentSpec): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) best = Math.min(best, await timed(spec));
  return best;
}

/** Of a step, once the code is warm and the base model is there. */
async function stepOf(spec: ExperimentSpec): Promise<number> {
  await timed({ ...spec, steps: 30 });
  const [few, many] = [await bestOf(3, { ...spec, steps: 20 }), await bestOf(3, { ...spec, steps: 140 })];
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

function specsOn(backend: BackendId): Omit<Row, 'step'>[] {
  const ids = backend === 'wasm' ? OPTIMIZER_ROWS.map(({ id }) => id) : ON_CPU;
  const usual = TASKS.flatMap((task) =>
    ids.map((id) => ({ name: `${task} ${id}`, id, spec: specOf(task, id, backend) })),
  );
  const wide = backend === 'wasm' ? 128 : 48;
  const large = (task: 'linear' | 'mlp', fields: Partial<ExperimentSpec>): Omit<Row, 'step'> => ({
    name: `${task} adamw, ${wide} wide`,
    id: 'adamw',
    spec: { ...specOf(task, 'adamw', backend), width: wide, batch: wide, ...fields },
  });
  return [...usual, large('linear', {}), large('mlp', { sizes: { hidden: wide, layers: 2 } })];
}

async function table(backend: BackendId): Promise<void> {
  const rows: Row[] = [];
  for (const each of specsOn(backend)) {
    const step = await stepOf(each.spec);
    rows.push({ ...each, step });
    const predicted = costOf(each.spec, backend).ofSteps / each.spec.steps;
    console.log(
      `${backend} ${each.name.padEnd(42)} ${step.toFixed(3).padStart(8)} ms a step, predicted ${predicted.toFixed(3).padStart(8)}: × ${(predicted / step).toFixed(2)}`,
    );
  }
  const ratios = rows.map(({ spec, step }) => costOf(spec, backend).ofSteps / spec.steps / step);
  const outside = ratios.filter((ratio) => ratio < 1 / 2 || ratio > 2).length;
  console.log(
    `${backend}: × ${Math.min(...ratios).toFixed(2)} to × ${Math.max(...ratios).toFixed(2)}, ${outside} of ${rows.length} outside a factor of 2`,
  );
  const fitted = fit(
    rows.map(({ spec, step }) => {
      const { elements, products } = stepWork(spec);
      const ofTask = TASKS.map((task) => (task === spec.task ? 1 : 0));
      return { work: [...ofTask, elements * 1e-6, products * 1e-6], ms: step };
    }),
  );
  const [linear, mlp, transformer, elementNs, productNs] = fitted.map((number) => Number(number.toPrecision(3)));
  const best = { stepMs: { linear, mlp, transformer }, elementNs, productNs };
  console.log(`${backend} fits best: ${JSON.stringify(best)}\n`);
}

async function main(backends: readonly string[]): Promise<void> {
  for (const backend of ['wasm', 'cpu'] as const)
    if (backends.length === 0 || backends.includes(backend)) await table(backend);
}

void main(process.argv.slice(2));
