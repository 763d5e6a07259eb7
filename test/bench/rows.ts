import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import type { BackendId, ExperimentSpec } from '../../src/experiment/spec';
import { recipeWith } from '../support/recipe';
import { spec, variant, quiet } from '../unit/experiment/support/lab';
import { wasm } from '../../src/experiment/backends/wasm';
import { drawLayer } from '../../src/experiment/draw/mlp';
import { residualOf } from '../../src/experiment/tasks/regression';
import { runExperiment, type RunOptions } from '../../src/experiment/run';
import { sweepSpec } from '../../src/experiment/specs/sweep';
import { nodeRunner } from '../../src/worker/node/runner';
import { sharingRunner } from '../../src/worker/sharing-runner';
import { encoded, runScript, type Python, type Torch } from './torch';

/** Rows, width and rank of the layer. */
type LayerSize = readonly [batch: number, width: number, rank: number];

const RATE = 1e-4;
const SCALING = 8;

/** One layer under MSE with `count` variants that train alike, as far as a clock can tell. */
function layerSpec(
  [batch, width, rank]: LayerSize,
  row: string,
  count: number,
  steps: number,
  backend: BackendId = 'wasm',
): ExperimentSpec {
  const factor = { lr: RATE, weightDecay: 0, constants: { eps: 1e-8 } };
  const base = variant({ scaling: SCALING, a: factor, b: factor });
  return spec({
    ...{ width, batch, rank, steps, backend },
    data: { target: 'noise', inputScale: 1, targetScale: 1 },
    seeds: [1],
    optimizer: { row, betas: [0.9, 0.999], momentum: 0, nesterov: false, options: {} },
    variants: Array.from({ length: count }, (_, i) => (i === 0 ? base : { ...base, name: `v${i}`, role: 'plan' })),
  });
}

/** What each side reaches at its best. */
interface Best {
  ours: number;
  torch: number | null;
}

/** Measures one side once: a speed, or milliseconds. */
type Measure = () => number | Promise<number>;

/**
 * Lets both sides take turns, so that whatever else the machine does hits both alike, and keeps the best of each: what it
 * can do undisturbed.
 * @param better of two measurements: Math.max for speeds, Math.min for times
 */
export async function inTurns(
  rounds: number,
  better: (one: number, other: number) => number,
  ours: Measure,
  torch: Measure | null,
): Promise<Best> {
  const best: Best = { ours: await ours(), torch: torch ? await torch() : null };
  for (let round = 1; round < rounds; round++) {
    best.ours = better(best.ours, await ours());
    if (torch && best.torch !== null) best.torch = better(best.torch, await torch());
  }
  return best;
}

export interface Row {
  name: string;
  ours: number;
  torch: number | null;
  /** How many times faster we are. */
  ratio: number | null;
  goal: number;
}

/** What a bench needs of its surroundings. */
export interface Bench {
  /** Folder of the wasm files. */
  assets: string;
  /** cli.js as it is shipped. */
  cli: string;
  /** Folder of the scripts for PyTorch. */
  scripts: string;
  python: Python | null;
  torch: Torch | null;
  /** Told of what is no row: the setting that was fastest, the check that both sides compute the same. */
  note(text: string): void;
}

export const VARIANTS = 8;
const TURN_MS = 120;
/** The best stretch of this length in processor time is what the machine can do undisturbed, as in torch/serve.py. */
const STRETCH_MS = 10;
const CHECKED_STEPS = 20;
/** Losses of both sides may differ by rounding: float32 has seven digits. */
const SAME = 1e-4;

/** Node 22 is the first with relaxed SIMD. */
const HAS_RELAXED_SIMD = Number(process.versions.node.split('.')[0]) >= 22;

export const SIZES: readonly (readonly [LayerSize, goal: number])[] = [
  [[16, 4, 2], 20],
  [[64, 64, 8], 1.5],
  [[256, 256, 8], 1],
  [[256, 1024, 16], HAS_RELAXED_SIMD ? 1 : 0.75],
];
export const OPTIMIZERS = ['sgd', 'adam'] as const;

/** The sweep of the blog's appendix, from the shell and back. */
export async function sweepProcess({ cli, scripts, python }: Bench): Promise<Row> {
  const timed = (work: () => void): number => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  const ours = (): number =>
    timed(() => {
      const { status, stderr } = spawnSync(process.execPath, [cli, 'sweep'], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`the sweep failed: ${stderr}`);
    });
  const torch = python && ((): number => timed(() => runScript(python, [join(scripts, 'sweep.py')])));
  return timeRow('sweep of the appendix, whole process (ms)', await inTurns(5, Math.min, ours, torch), 8);
}

/** The same with everything loaded: training and nothing else. */
export async function sweepWarm({ assets, torch }: Bench): Promise<Row> {
  const { spec } = sweepSpec({ alphas: [1 / 4, 1, 4, 16, 64, 256], backend: 'wasm' });
  const six = { ...spec, variants: spec.variants.filter(({ role }) => role === 'rescaled') };
  const ours = async (): Promise<number> => {
    let best = Number.POSITIVE_INFINITY;
    for (const end = performance.now() + 2 * TURN_MS; performance.now() < end;) {
      const start = performance.now();
      await runExperiment(six, optionsFor(assets));
      best = Math.min(best, performance.now() - start);
    }
    return best;
  };
  const theirs = torch && (async () => number(await torch.ask({ ask: 'sweep', seconds: (2 * TURN_MS) / 1000 }), 'ms'));
  return timeRow('sweep of the appendix, warm (ms)', await inTurns(6, Math.min, ours, theirs), 10);
}

/** Alphas at once, and how many runs of one alpha must cost more than that one run. */
const [ALPHAS, SINGLE_RUNS] = [64, 8];

/** A recipe swept over 64 alphas, in one stacked run, against runs of one alpha each: base and controls ride in both. */
export async function sweepOfMany({ assets }: Bench): Promise<Row> {
  const timed = (alphas: readonly number[]) => {
    const { spec } = sweepSpec({ alphas, recipe: recipeWith(), backend: 'wasm' });
    return async (): Promise<number> => {
      const start = performance.now();
      await runExperiment(spec, optionsFor(assets));
      return performance.now() - start;
    };
  };
  const all = timed(Array.from({ length: ALPHAS }, (_, i) => i + 1));
  const { ours, torch: single } = await inTurns(7, Math.min, all, timed([ALPHAS]));
  const name = `${ALPHAS} alphas at once, beside ${SINGLE_RUNS} runs of one (ms)`;
  return { name, ours, torch: null, ratio: (SINGLE_RUNS * (single ?? Number.NaN)) / ours, goal: 1 };
}

/** One layer of a size under an optimizer, on one thread each. */
export async function layer(bench: Bench, size: LayerSize, optimizer: string, goal: number): Promise<Row> {
  const name = `(${size.join(', ')}) ${optimizer} (variant-steps/s)`;
  const steps = await stepsOf(bench, layerSpec(size, optimizer, VARIANTS, 1));
  const ours = (): Promise<number> => bestSpeed(bench, layerSpec(size, optimizer, VARIANTS, steps));
  const theirs = await torchLayer(bench, size, optimizer, 1, name);
  const row = speedRow(name, await inTurns(8, Math.max, ours, theirs), goal);
  const [batch, width, rank] = size;
  const work = (speed: number): string => `${((speed * 10 * batch * width * rank) / 1e9).toFixed(1)} GFLOP/s`;
  bench.note(
    `${name}: ours ${work(row.ours)}${row.torch === null ? '' : `, PyTorch ${work(row.torch)}`} in the products`,
  );
  return row;
}

const TURN_S = 0.6;

/**
 * The same layer in two of our workers, against two threads of PyTorch.
 * @param one the row of one worker: how many steps fill a turn
 */
export async function twoWorkers(bench: Bench, size: LayerSize, optimizer: string, one: Row): Promise<Row> {
  const name = `(${size.join(', ')}) ${optimizer}, two workers (variant-steps/s)`;
  const steps = Math.max(10, Math.round((one.ours / VARIANTS) * TURN_S * 1.5));
  const spec = layerSpec(size, optimizer, VARIANTS, steps);
  const { assets } = bench;
  const runner = sharingRunner({
    runner: () => nodeRunner({ workerPath: join(assets, 'worker-node.js'), assets }),
    cores: 2,
    worthMs: 0,
  });
  /** From the first points of both workers to their last: both draw the problem before that. */
  const ours = async (): Promise<number> => {
    const seen: { at: number; steps: number }[] = [];
    await runner.run(spec, {
      onPoints: ({ from, losses }) => seen.push({ at: performance.now(), steps: from + (losses[0]?.length ?? 0) }),
    });
    const [first, last] = [seen[0], seen.at(-1)];
    if (!first || !last || first === last) throw new Error(`${steps} steps of ${name} are too few to be timed`);
    return (1000 * VARIANTS * (last.steps - first.steps)) / (last.at - first.at);
  };
  try {
    const theirs = await torchLayer(bench, size, optimizer, 2, name);
    return speedRow(name, await inTurns(4, Math.max, ours, theirs), one.goal);
  } finally {
    runner.dispose();
  }
}

/** Steps of one variant in a second of processor time, in the best stretch of a run. */
async function bestSpeed({ assets }: Bench, spec: ExperimentSpec): Promise<number> {
  let [best, start, first] = [0, cpuMs(), 0];
  await runExperiment(spec, {
    ...optionsFor(assets),
    onStart: () => (start = cpuMs()),
    onPoints({ from, losses: [base = []] }) {
      const [now, done] = [cpuMs(), from + base.length];
      if (now - start < STRETCH_MS) return;
      best = Math.max(best, (1000 * spec.variants.length * (done - first)) / (now - start));
      [start, first] = [now, done];
    },
  });
  return best;
}

/**
 * Sets PyTorch up for a layer and checks that it trains what we train.
 * @returns its speed, in steps of one variant: it trains them one after the other
 */
async function torchLayer(
  { torch, note, assets }: Bench,
  size: LayerSize,
  optimizer: string,
  threads: number,
  name: string,
): Promise<(() => Promise<number>) | null> {
  if (!torch) return null;
  const spec = layerSpec(size, optimizer, 1, CHECKED_STEPS);
  const { layers, draws } = drawLayer(spec);
  const [draw] = draws;
  const adapter = draw?.adapters[0];
  if (!draw || !adapter) throw new Error('a problem without a draw cannot be trained');
  const [batch, width, rank] = size;
  const residual = encoded(residualOf(layers[0], draw));
  const data = { inputs: encoded(draw.inputs), residual, a: encoded(adapter.a) };
  const given = { threads, batch, width, rank, optimizer, scaling: SCALING, lr: RATE };
  const { setting } = await torch.ask({ ask: 'layer', ...given, ...data });
  const { losses } = await torch.ask({ ask: 'losses', steps: CHECKED_STEPS });
  const ours = (await runExperiment(spec, optionsFor(assets))).losses[0] ?? [];
  const deviation = largestDeviation(ours, losses as number[]);
  note(`${name}: PyTorch is fastest with ${String(setting)}; losses differ by at most ${deviation.toExponential(0)}`);
  if (!(deviation < SAME)) throw new Error(`both sides should train the same, but the losses of ${name} differ`);
  return async () => number(await torch.ask({ ask: 'speed', seconds: TURN_MS / 1000 }), 'speed');
}

export function largestDeviation(ours: readonly number[], theirs: readonly number[]): number {
  if (ours.length !== theirs.length) return Number.NaN;
  return Math.max(...ours.map((loss, i) => Math.abs(loss - (theirs[i] ?? Number.NaN)) / loss));
}

/** As many steps as fill a turn. */
async function stepsOf(bench: Bench, spec: ExperimentSpec): Promise<number> {
  let steps = 4;
  const timed = async () => (await trainedHere(bench, { ...spec, steps }, cpuMs)).ms;
  let ms = await timed();
  while (ms < TURN_MS / 3 && steps < 1e6) {
    steps *= 2;
    ms = await timed();
  }
  return Math.max(8, Math.round((steps * TURN_MS) / ms));
}

/** Losses, and milliseconds from the first step to the result; the drawing of the problem is not timed on either side. */
export async function trainedHere(
  { assets }: Bench,
  spec: ExperimentSpec,
  clock: () => number = () => performance.now(),
): Promise<{ losses: readonly (readonly number[])[]; ms: number }> {
  let start = clock();
  const { losses } = await runExperiment(spec, { ...optionsFor(assets), onStart: () => (start = clock()) });
  return { losses, ms: clock() - start };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export function optionsFor(assets: string): RunOptions {
  return { ...quiet, backends: [wasm], assets };
}

export function speedRow(name: string, { ours, torch }: Best, goal: number): Row {
  return { name, ours, torch, ratio: torch === null ? null : ours / torch, goal };
}

function timeRow(name: string, { ours, torch }: Best, goal: number): Row {
  return { name, ours, torch, ratio: torch === null ? null : torch / ours, goal };
}

function number(answer: Readonly<Record<string, unknown>>, key: string): number {
  return Number(answer[key]);
}
