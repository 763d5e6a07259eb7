import { readFileSync, writeFileSync } from 'node:fs';
import { runExperiment, type RunOptions } from '../../src/experiment/run';
import { measured, type Measured, type RateCurve } from '../../src/experiment/rank/measured';
import { rateCurve } from '../../src/experiment/rank/probe';
import { QUICK, type ProbeSize } from '../../src/experiment/rank/specs';
import type { ExperimentSpec } from '../../src/experiment/spec';
import { optimizerRow } from '../../src/recipe/optimizers/optimizers';
import type { Recipe } from '../../src/recipe/recipe';
import { optimizerOf, recipeWith } from '../support/recipe';
import { quiet } from '../unit/experiment/support/lab';

/**
 * The study behind docs/ranks.md: `node test/run.mjs ranks/study.ts rules | coverage FILE`. It goes on where FILE ends, so
 * it can be stopped at any time; a task behind it trains that task alone; `node test/run.mjs ranks/page.ts` then writes the tables and plots.
 */

type Task = ExperimentSpec['task'];

/** One question of the study: a run at rank 8 and s, and what becomes of its best learning rate at rank 32. */
export interface Cell {
  task: Task;
  optimizer: 'adamw' | 'lion' | 'muon' | 'sgd' | 'sgd-momentum';
  steps: number;
  /** The scaling at rank 8. */
  s: number;
  /** Clipping at a norm that the gradients reach, and weight decay. */
  bounded: boolean;
}

/** Powers of the rank in the scaling: alpha kept, alpha ∝ √r, alpha ∝ r. */
export const POWERS = [-1, -1 / 2, 0] as const;
export const RANKS = { from: 8, to: 32 };

export type Shift = Pick<Measured, 'shift' | 'interval' | 'regret' | 'basin' | 'verdict'>;
export type Found = Cell & { shifts: Shift[]; curves: (Pick<RateCurve, 'rates'> & { losses: number[] })[] };

type Quick = Record<'shift' | 'low' | 'high', number> & { verdict: string };

/** Default probes against the shift of a thorough one. */
export interface Held {
  what: string;
  thorough: number;
  /** Four on draws that the thorough one does not have, of the same frozen model. */
  draws: Quick[];
  /** Four with other seeds: another frozen model, other data, other draws. */
  models: Quick[];
}

const OPTIMIZERS = ['adamw', 'lion', 'muon', 'sgd', 'sgd-momentum'] as const;

function cells(): Cell[] {
  const of = (
    task: Task,
    optimizers: readonly Cell['optimizer'][],
    steps: readonly number[],
    scalings: number[],
  ): Cell[] =>
    steps.flatMap((each) =>
      scalings.flatMap((s) =>
        optimizers.flatMap((optimizer) =>
          [false, true].map((bounded): Cell => ({ task, optimizer, steps: each, s, bounded })),
        ),
      ),
    );
  return [
    ...of('mlp', OPTIMIZERS, [20, 100], [2, 16]),
    ...of('linear', OPTIMIZERS, [20, 100, 500], [2, 16]),
    ...of('transformer', ['adamw'], [100, 20], [2, 16]),
    ...of('transformer', ['lion', 'sgd', 'muon', 'sgd-momentum'], [100], [2]),
    ...of('transformer', ['lion', 'sgd', 'muon'], [20], [2]),
    ...of('transformer', ['adamw', 'muon', 'lion', 'sgd'], [500], [2]).filter(({ bounded }) => !bounded),
    ...of('mlp', OPTIMIZERS, [500], [2]),
  ];
}

export function studied({ optimizer, s, bounded }: Omit<Cell, 'task' | 'steps'>, rank: number): Recipe {
  const row = optimizerRow(optimizer === 'sgd-momentum' ? 'sgd' : optimizer);
  if (!row) throw new Error(`no row ${optimizer}`);
  const momentum = optimizer === 'sgd-momentum' ? 0.9 : null;
  const options = optimizer === 'muon' ? { matchRms: 1 } : {};
  return recipeWith({
    ...{ rank, alpha: s * rank, scaling: s, targetModules: 'all-linear', scheduler: 'constant', warmup: 0 },
    optimizer: optimizerOf(row, { weightDecay: bounded ? 0.1 : 0, momentum, options }),
    maxGradNorm: bounded ? 0.25 : null,
    learningRate: row.defaults.learningRate,
  });
}

const quietly: RunOptions = { ...quiet, assets: 'node_modules/@tensorflow/tfjs-backend-wasm/dist' };
const train = async (spec: ExperimentSpec): Promise<number[][]> => (await runExperiment(spec, quietly)).losses;

const digits = (value: number, count = 4): number => Number(value.toPrecision(count));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

async function found(cell: Cell): Promise<Found> {
  const { from: small, to: large } = RANKS;
  const size: ProbeSize = { ...QUICK, task: cell.task, steps: cell.steps };
  const recipe = studied(cell, small);
  const from = await rateCurve(recipe, small, cell.s, { size, train });
  const curves: RateCurve[] = [from];
  for (const power of POWERS) {
    curves.push(await rateCurve(recipe, large, cell.s * (large / small) ** power, { size, train }));
  }
  const rounded = ({ shift, interval, regret, basin, verdict }: Measured): Shift => {
    const { low, high } = interval ?? { low: NaN, high: NaN };
    const numbers = { shift: digits(shift), regret: digits(regret, 2), basin: digits(basin, 2) };
    return { ...numbers, interval: { low: digits(low), high: digits(high) }, verdict };
  };
  return {
    ...cell,
    shifts: curves.slice(1).map((to) => rounded(measured(from, to))),
    curves: curves.map(({ rates, draws }) => {
      const losses = rates.map((_, i) => digits(mean(draws.map((draw) => draw[i] ?? NaN))));
      return { rates, losses };
    }),
  };
}

type Pair = [Omit<Cell, 'bounded'>, from: number, to: number, power: number];

/** Recipes of many kinds, small enough to train sixteen draws at half octaves. */
function pairs(): Pair[] {
  const all: Pair[] = [];
  const ranks = [
    [8, 32],
    [16, 64],
    [4, 16],
    [32, 8],
  ] as const;
  for (const task of ['linear', 'mlp'] as const)
    for (const [i, optimizer] of OPTIMIZERS.entries())
      for (const [j, [from, to]] of ranks.entries()) {
        const power = POWERS[(i + j) % 3] ?? 0;
        all.push([{ task, optimizer, steps: j % 2 ? 50 : 100, s: (i + j) % 4 === 3 ? 16 : 2 }, from, to, power]);
      }
  for (const [j, optimizer] of (['adamw', 'lion', 'adamw', 'sgd'] as const).entries())
    all.push([{ task: 'transformer', optimizer, steps: 50, s: 2 }, 8, 32, POWERS[j % 3] ?? 0]);
  return all;
}

const nameOf = ([{ task, optimizer, steps, s }, from, to, power]: Pair): string =>
  [task, optimizer, `${steps} steps`, `s = ${s}`, `${from} to ${to}`, `power ${power}`].join(', ');

/** Draws of the thorough probe, and default probes that are held against it, on seeds this far away. */
const [THOROUGH_DRAWS, PROBES, FURTHER] = [16, 4, 1000];

async function held(pair: Pair): Promise<Held> {
  const [cell, from, to, power] = pair;
  const recipe = studied({ ...cell, bounded: false }, from);
  const quick: ProbeSize = { ...QUICK, task: cell.task, steps: cell.steps };
  const both = async (size: ProbeSize, options: { train?: typeof train; seed?: number } = {}): Promise<RateCurve[]> => {
    const given = { size, train, ...options };
    const one = await rateCurve(recipe, from, cell.s, given);
    return [one, await rateCurve(recipe, to, cell.s * (to / from) ** power, given)];
  };
  const shiftOf = ([one, other]: readonly RateCurve[]): Quick => {
    if (!one || !other) throw new Error('no curves');
    const { shift, interval, verdict } = measured(one, other);
    return { shift: digits(shift), low: digits(interval?.low ?? NaN), high: digits(interval?.high ?? NaN), verdict };
  };
  const thorough = await both({ ...quick, draws: THOROUGH_DRAWS, octaves: 0.5, rates: 17 });
  // The frozen model comes from the first seed, which none of these runs trains on.
  const apart = ({ seeds, variants, ...spec }: ExperimentSpec): Promise<number[][]> =>
    train({
      ...spec,
      seeds: [seeds[0] ?? 0, ...seeds.map((seed) => FURTHER + seed)],
      variants: variants.map((variant) => ({ ...variant, draw: (variant.draw ?? 0) + 1 })),
    });
  const further = await both({ ...quick, draws: PROBES * QUICK.draws }, { train: apart });
  const groups = Array.from({ length: PROBES }, (_, i) => i);
  const models: Quick[] = [];
  for (const group of groups) models.push(shiftOf(await both(quick, { seed: FURTHER + 10 * (group + 10) })));
  return {
    what: nameOf(pair),
    thorough: shiftOf(thorough).shift,
    draws: groups.map((group) => {
      const part = <T>(all: readonly T[]): T[] => all.slice(group * QUICK.draws, (group + 1) * QUICK.draws);
      return shiftOf(further.map((curve) => ({ ...curve, draws: part(curve.draws), starts: part(curve.starts) })));
    }),
    models,
  };
}

async function main([what = '', file = '', only = '']: readonly string[]): Promise<void> {
  const read = (): unknown[] => {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as unknown[];
    } catch {
      return [];
    }
  };
  const done = read();
  const named = ({ task, optimizer, steps, s, bounded }: Cell): string => [task, optimizer, steps, s, bounded].join();
  const names = new Set(what === 'rules' ? (done as Found[]).map(named) : (done as Held[]).map((one) => one.what));
  const works: (() => Promise<unknown>)[] =
    what === 'rules'
      ? cells()
          .filter((cell) => cell.task.startsWith(only) && !names.has(named(cell)))
          .map((cell) => () => found(cell))
      : pairs()
          .filter((pair) => !names.has(nameOf(pair)))
          .map((pair) => () => held(pair));
  for (const [i, work] of works.entries()) {
    const begun = process.cpuUsage();
    done.push(await work());
    writeFileSync(file, `[\n${done.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`);
    const { user, system } = process.cpuUsage(begun);
    console.log(`${i + 1} of ${works.length}: ${((user + system) / 1e6).toFixed(1)} s`);
  }
}

if (['rules', 'coverage'].includes(process.argv[2] ?? '')) void main(process.argv.slice(2));
