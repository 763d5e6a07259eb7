import { join } from 'node:path';
import { cpu } from '../../src/experiment/backends/cpu';
import { wasm } from '../../src/experiment/backends/wasm';
import type { Backend } from '../../src/experiment/backends/backend';
import { chooseBackend } from '../../src/experiment/backends/choose';
import { drawLayer, type LayerProblem } from '../../src/experiment/draw/layer';
import { linearTask } from '../../src/experiment/tasks/linear';
import { regressionLoss } from '../../src/experiment/tasks/loss';
import { train } from '../../src/experiment/train';
import { runExperiment, type RunOptions } from '../../src/experiment/run';
import type { ExperimentSpec, VariantSpec } from '../../src/experiment/spec';
import { sweepSpec } from '../../src/experiment/sweep';
import { judge } from '../../src/experiment/verdict';
import { nodeRunner } from '../../src/worker/node-runner';
import { checkSpec } from './check-spec';
import { bestOf } from './measure';
import { trainNaively } from './naive';

/** How fast our loop trains, against tfjs as it comes, in the same minutes on the same backend. */

interface Measured {
  work: string;
  backend: string;
  ours: number;
  naive: number | null;
  unit: 'ms' | 'steps/s' | 'variant-steps/s';
  /** How many times better ours is. */
  ratio: number | null;
}

// Both bundles lie in .cache/.
const ASSETS = join(__dirname, '../node_modules/@tensorflow/tfjs-backend-wasm/dist');
const WORKER = join(__dirname, 'bench-worker.js');

/** Rows, width and rank of the layer. */
const SIZES = [
  [16, 4, 2],
  [64, 64, 8],
  [256, 256, 8],
  [256, 1024, 16],
] as const;

const options: RunOptions = {
  backends: [wasm, cpu],
  assets: ASSETS,
  isStopped: () => false,
  pause: () => Promise.resolve(),
  onStart: () => undefined,
  onPoints: () => undefined,
};

function specOf(
  [batch, width, rank]: readonly [number, number, number],
  row: string,
  backend: Backend,
  count: number,
): ExperimentSpec {
  const factor = { lr: 1e-4, weightDecay: 0, constants: { eps: 1e-8 } };
  const variant = (i: number): VariantSpec => ({
    name: i === 0 ? 'base' : `v${i}`,
    role: i === 0 ? 'base' : 'plan',
    draw: 0,
    scaling: 8,
    init: { A: 1, B: 1 },
    gauge: { p: 1, q: 1 },
    a: factor,
    b: factor,
    maxGradValue: null,
    maxGradNorm: null,
    ulpSeed: null,
  });
  return {
    task: 'linear',
    useDora: false,
    width,
    batch,
    batches: 1,
    rank,
    data: { target: 'noise', inputScale: 1, targetScale: 1 },
    loss: 'mse',
    seeds: [1],
    dropout: 0,
    steps: 1,
    optimizer: { row, betas: [0.9, 0.999], momentum: 0, nesterov: false, options: {} },
    clipEps: 0,
    schedule: { kind: 'constant', warmupSteps: 0 },
    backend: backend.id,
    variants: Array.from({ length: count }, (_, i) => variant(i)),
  };
}

/** Steps a second, without what a run costs before its first step: the time of many steps less that of one. */
async function speed(run: (steps: number) => Promise<unknown>, probe: number): Promise<number> {
  const one = await bestOf(() => run(1), { atLeastMs: 100 });
  const few = await bestOf(() => run(1 + probe), { atLeastMs: 100 });
  const steps = Math.max(probe, Math.min(2000, Math.round((150 * probe) / Math.max(few - one, 0.1))));
  const many = await bestOf(() => run(1 + steps));
  return (1000 * steps) / (many - one);
}

async function sizes(backend: Backend, report: (line: Measured) => void): Promise<void> {
  await chooseBackend(backend.id, [backend], ASSETS);
  for (const size of backend.id === 'cpu' ? SIZES.slice(0, 2) : SIZES) {
    // Both train the same data; drawing the largest takes longer than a step.
    const problem = drawLayer(specOf(size, 'sgd', backend, 1));
    for (const row of ['sgd', 'adam']) {
      const spec = specOf(size, row, backend, 1);
      const probe = size[1] > 100 ? 3 : 30;
      const ours = await speed((steps) => trainOurs({ ...spec, steps }, problem), probe);
      const naive = await speed((steps) => Promise.resolve(trainNaively({ ...spec, steps }, problem)), probe);
      report({
        work: `(${size.join(', ')}) ${row}`,
        backend: backend.id,
        ours,
        naive,
        unit: 'steps/s',
        ratio: ours / naive,
      });
      if (size[1] > 100) continue;
      const many = specOf(size, row, backend, 32);
      const stacked = 32 * (await speed((steps) => trainOurs({ ...many, steps }, problem), probe));
      report({
        work: `(${size.join(', ')}) ${row}, 32 at once`,
        backend: backend.id,
        ours: stacked,
        naive,
        unit: 'variant-steps/s',
        ratio: stacked / naive,
      });
    }
  }
}

async function trainOurs(spec: ExperimentSpec, problem: LayerProblem): Promise<void> {
  const task = linearTask(problem, spec.variants, regressionLoss(spec));
  await train(spec, task, options);
  task.dispose();
}

async function sweep(backend: Backend, report: (line: Measured) => void): Promise<void> {
  const { spec } = sweepSpec({ alphas: [1 / 4, 1, 4, 16, 64, 256], backend: backend.id });
  const six = { ...spec, variants: spec.variants.filter(({ role }) => role === 'rescaled') };
  const ours = await bestOf(() => runExperiment(six, options));
  const naive = await bestOf(() => Promise.resolve(trainNaively(six, drawLayer(six))));
  report({
    work: 'the appendix: 6 alphas × 5 steps, warm',
    backend: backend.id,
    ours,
    naive,
    unit: 'ms',
    ratio: naive / ours,
  });
}

/** What a user waits for: from the click, through the start of the worker, to the verdict. */
async function check(backend: Backend, report: (line: Measured) => void): Promise<void> {
  const { spec } = checkSpec(backend.id);
  const verdict = async (runner: ReturnType<typeof nodeRunner>): Promise<unknown> =>
    judge(spec, await runner.run(spec, {}));
  const start = () => nodeRunner({ workerPath: WORKER, assets: ASSETS });
  const cold = await bestOf(async () => {
    const runner = start();
    await verdict(runner);
    runner.dispose();
  });
  const runner = start();
  const warm = await bestOf(() => verdict(runner));
  runner.dispose();
  const work = `a check: ${spec.variants.length} variants × ${spec.steps} steps`;
  report({
    work: `${work}, worker to be started`,
    backend: backend.id,
    ours: cold,
    naive: null,
    unit: 'ms',
    ratio: null,
  });
  report({ work: `${work}, worker warm`, backend: backend.id, ours: warm, naive: null, unit: 'ms', ratio: null });
}

function text({ work, backend, ours, naive, unit, ratio }: Measured): string {
  const number = (value: number): string => (value >= 100 ? Math.round(value).toString() : value.toPrecision(3));
  const against = naive === null ? '' : `, naive ${number(naive)}: × ${number(ratio ?? 0)}`;
  return `${backend.padEnd(5)} ${work.padEnd(56)} ${number(ours)} ${unit}${against}\n`;
}

async function main(args: readonly string[]): Promise<void> {
  const json = args.includes('--json');
  const lines: Measured[] = [];
  const report = (line: Measured): void => {
    lines.push(line);
    if (!json) process.stdout.write(text(line));
  };
  for (const backend of [wasm, cpu]) {
    await sweep(backend, report);
    await check(backend, report);
    await sizes(backend, report);
  }
  if (json) process.stdout.write(`${JSON.stringify(lines, null, 2)}\n`);
}

void main(process.argv.slice(2));
