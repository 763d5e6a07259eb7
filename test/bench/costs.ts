import { cpu } from '../../src/experiment/backends/cpu';
import { wasm } from '../../src/experiment/backends/wasm';
import { costOf } from '../../src/experiment/cost';
import { BACKENDS } from '../../src/experiment/cost-table';
import { runExperiment } from '../../src/experiment/run';
import type { BackendId, ExperimentSpec } from '../../src/experiment/spec';
import { specFor } from '../../src/experiment/spec-for';
import { stepWork } from '../../src/experiment/work';
import { optimizerRow } from '../../src/recipe/optimizers/optimizers';
import { plansFor } from '../../src/recipe/plans/plans';
import { everyKnob, recipeWith } from '../support/recipe';

/**
 * `npm run costs`: what checks cost as predicted and as measured, and the numbers of cost-table.ts that would fit best.
 * Processor time counts, not the clock, so that a busy machine measures the same.
 */

interface Case {
  name: string;
  spec: ExperimentSpec;
}

const OPTIMIZERS = ['sgd', 'adamw', 'came', 'prodigy'];
const TARGETS = ['q_proj', 'v_proj'];

function caseOf(task: ExperimentSpec['task'], id: string, backend: BackendId, fields: Partial<ExperimentSpec>): Case {
  const row = optimizerRow(id);
  if (!row) throw new Error(`no row ${id}`);
  const recipe = recipeWith({
    learningRate: row.defaults.learningRate,
    targetModules: TARGETS,
    optimizer: { ...recipeWith().optimizer, row: id, name: id, eps: null, betas: null, weightDecay: null },
  });
  const plans = plansFor(recipe, 48, everyKnob);
  const { spec } = specFor(recipe, plans, plans.plans[0]?.id ?? 'symmetric', { backend, task });
  const size = `${fields.width ?? spec.width} wide`;
  return { name: `${backend} ${task} ${id}, ${size}, ${spec.variants.length} variants`, spec: { ...spec, ...fields } };
}

function casesOn(backend: BackendId): Case[] {
  const usual = (['linear', 'mlp', 'transformer'] as const).flatMap((task) =>
    OPTIMIZERS.map((id) => caseOf(task, id, backend, {})),
  );
  const large = backend === 'cpu' ? { width: 64, batch: 64 } : { width: 128, batch: 128 };
  return [
    ...usual,
    caseOf('linear', 'adamw', backend, large),
    caseOf('mlp', 'adamw', backend, { width: 64, batch: 64, sizes: { hidden: 128 } }),
  ];
}

/** Milliseconds of processor time of a step, and of all that comes before the first. */
async function measured(spec: ExperimentSpec): Promise<{ step: number; before: number }> {
  const run = async (steps: number): Promise<number> => {
    const begun = process.cpuUsage();
    await runExperiment(
      { ...spec, steps },
      {
        backends: [wasm, cpu],
        assets: 'node_modules/@tensorflow/tfjs-backend-wasm/dist',
        isStopped: () => false,
        pause: () => Promise.resolve(),
        onStart: () => undefined,
        onPoints: () => undefined,
      },
    );
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1e3;
  };
  await run(60);
  const best = async (steps: number): Promise<number> => Math.min(await run(steps), await run(steps), await run(steps));
  const [few, many] = [await best(10), await best(70)];
  const step = Math.max(0, many - few) / 60;
  return { step, before: Math.max(0, few - 10 * step) };
}

/** Least squares on relative errors, by coordinate descent that keeps every number above 0. */
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

async function main(): Promise<void> {
  for (const backend of ['wasm', 'cpu'] as const) {
    const rows: { work: number[]; ms: number }[] = [];
    for (const { name, spec } of casesOn(backend)) {
      const { step, before } = await measured(spec);
      const { kernels, elements, products } = stepWork(spec);
      rows.push({ work: [kernels * 1e-3, elements * 1e-6, products * 1e-6], ms: step });
      const predicted = costOf(spec, backend).ms - BACKENDS[backend].startMs;
      const whole = before + spec.steps * step;
      console.log(
        `${name.padEnd(50)} ${whole.toFixed(0).padStart(6)} ms, predicted ${predicted.toFixed(0).padStart(6)}: × ${(predicted / whole).toFixed(2)}   (${step.toFixed(3)} ms a step, ${before.toFixed(0)} before)`,
      );
    }
    const [kernelUs = 0, elementNs = 0, productNs = 0] = fit(rows).map((number) => Number(number.toPrecision(3)));
    console.log(`${backend} fits best: ${JSON.stringify({ kernelUs, elementNs, productNs })}\n`);
  }
}

void main();
