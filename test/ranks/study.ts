import { readFileSync, writeFileSync } from 'node:fs';
import { runExperiment, type RunOptions } from '../../src/experiment/run';
import { mean, measured, type Measured, type RateCurve } from '../../src/experiment/rank/measured';
import { rateCurve } from '../../src/experiment/rank/probe';
import { QUICK, THOROUGH, type ProbeSize } from '../../src/experiment/rank/specs';
import type { ExperimentSpec } from '../../src/experiment/spec';
import { optimizerRow } from '../../src/recipe/optimizers/optimizers';
import type { Recipe } from '../../src/recipe/recipe';
import { optimizerOf, recipeWith } from '../support/recipe';
import { quiet } from '../unit/experiment/support/lab';

/**
 * The study behind docs/ranks.md: `node test/run.mjs ranks/study.ts rules | coverage FILE`. It goes on where FILE ends, so
 * it can be stopped at any time; words behind it choose the cells that begin with them (`transformer,lion,500`); `node test/run.mjs ranks/page.ts` then writes the tables and plots.
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
/** `again`: trained with the search and the guards of the page. */
export type Found = Cell & { again?: true } & { shifts: Shift[]; curves: Record<'rates' | 'losses', number[]>[] };

type Quick = Record<'shift' | 'low' | 'high', number> & { verdict: string };

/** Default probes against the shift of a thorough one. */
export interface Held {
  what: string;
  thorough: number;
  verdict: string;
  /** On draws that the thorough one does not have, of the same frozen model. */
  draws: Quick[];
  /** With other seeds: another frozen model, other data, other draws. */
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
    ...of('transformer', OPTIMIZERS, [500], [2]).toSorted((one, other) => Number(one.bounded) - Number(other.bounded)),
    ...of('linear', OPTIMIZERS, [20, 100, 500], [2, 16]),
    ...of('mlp', OPTIMIZERS, [20, 100], [2, 16]),
    ...of('transformer', OPTIMIZERS, [20, 100], [2]),
    ...of('transformer', ['adamw'], [20, 100], [16]),
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
const train = (spec: ExperimentSpec): ReturnType<typeof runExperiment> => runExperiment(spec, quietly);

const digits = (value: number, count = 4): number => Number(value.toPrecision(count));

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
    ...{ ...cell, again: true },
    shifts: curves.slice(1).map((to) => rounded(measured(from, to))),
    curves: curves.map(({ points }) => {
      return { rates: points.map(({ rate }) => rate), losses: points.map(({ losses }) => digits(mean(losses))) };
    }),
  };
}

/** A recipe of {@link held}: what differs from a plain run, and the size of the model's mini-batches. */
type Kind = Partial<Recipe> & { batch?: number; bounded?: true };

const KINDS: Readonly<Record<string, Kind>> = {
  'cosine with warm-up': { scheduler: 'cosine', warmup: 0.1 },
  'clip, decay': { bounded: true },
  'linear schedule': { scheduler: 'linear' },
  'mini-batches of 8': { batch: 8 },
  'dropout 0.1': { dropout: 0.1 },
  plain: {},
  DoRA: { useDora: true },
  'LoRA+ 4': { loraplusLrRatio: 4 },
};

interface Pair {
  task: Task;
  optimizer: Cell['optimizer'];
  steps: number;
  s: number;
  from: number;
  to: number;
  /** Of the rank in the scaling: alpha kept, or alpha ∝ √r, r under alpha/r; and alpha ∝ r under rsLoRA. */
  power: number;
  kind: string;
}

/** Recipes of many kinds. */
function pairs(): Pair[] {
  const ranks = [
    [8, 32],
    [16, 64],
    [4, 16],
    [32, 8],
  ] as const;
  const powers = [-1, -1 / 2, 0, 1 / 2] as const;
  const kinds = Object.keys(KINDS);
  return (['linear', 'transformer', 'mlp'] as const).flatMap((task, i) =>
    Array.from({ length: 15 }, (_, j): Pair => {
      const [from, to] = ranks[(i + j) % 4] ?? [8, 32];
      const power = powers[(i + j + Math.floor(j / 4)) % 4] ?? 0;
      const steps = j % 3 !== 2 && task !== 'transformer' ? 100 : 50;
      const [optimizer, kind] = [OPTIMIZERS[(i + j) % 5] ?? 'adamw', kinds[(3 * i + j) % kinds.length] ?? 'plain'];
      return { task, optimizer, steps, s: j % 5 === 3 ? 16 : 2, from, to, power, kind };
    }),
  );
}

const nameOf = ({ task, optimizer, steps, s, from, to, power, kind }: Pair): string =>
  [task, optimizer, `${steps} steps`, `s = ${s}`, `${from} to ${to}`, `power ${power}`, kind].join(', ');

/** Default probes are held against a thorough one on seeds this far away: four, and one on the transformer. */
const FURTHER = 1000;

async function held(pair: Pair): Promise<Held> {
  const { task, steps, s, from, to, power, kind } = pair;
  const { batch, bounded = false, ...fields } = KINDS[kind] ?? {};
  const recipe = { ...studied({ ...pair, bounded }, from), ...fields };
  const trainIt = (spec: ExperimentSpec): ReturnType<typeof train> =>
    train(batch === undefined ? spec : { ...spec, batch });
  const quick: ProbeSize = { ...QUICK, task, steps };
  const both = async (size: ProbeSize, options: { train?: typeof train; seed?: number } = {}): Promise<RateCurve[]> => {
    const given = { size, train: trainIt, ...options };
    const one = await rateCurve(recipe, from, s, given);
    return [one, await rateCurve(recipe, to, s * (to / from) ** power, given)];
  };
  const shiftOf = ([one, other]: readonly RateCurve[]): Quick => {
    if (!one || !other) throw new Error('no curves');
    const { shift, interval, verdict } = measured(one, other);
    return { shift: digits(shift), low: digits(interval?.low ?? NaN), high: digits(interval?.high ?? NaN), verdict };
  };
  const isLarge = task === 'transformer';
  const thorough = shiftOf(await both({ ...THOROUGH, ...(isLarge && { draws: 8 }), task, steps }));
  // The frozen model comes from the first seed, which none of these runs trains on.
  const apart = ({ seeds, variants, ...spec }: ExperimentSpec): ReturnType<typeof train> =>
    trainIt({
      ...spec,
      seeds: [seeds[0] ?? 0, ...seeds.map((seed) => FURTHER + seed)],
      variants: variants.map((variant) => ({ ...variant, draw: (variant.draw ?? 0) + 1 })),
    });
  const groups = Array.from({ length: isLarge ? 1 : 4 }, (_, i) => i);
  const further = await both({ ...quick, draws: groups.length * QUICK.draws }, { train: apart });
  const models: Quick[] = [];
  for (const group of groups) models.push(shiftOf(await both(quick, { seed: FURTHER + 10 * (group + 10) })));
  return {
    what: nameOf(pair),
    thorough: thorough.shift,
    verdict: thorough.verdict,
    draws: groups.map((group) => {
      const part = (all: readonly number[]): number[] => all.slice(group * QUICK.draws, (group + 1) * QUICK.draws);
      const partOf = ({ points, starts }: RateCurve): RateCurve => {
        return { points: points.map(({ rate, losses }) => ({ rate, losses: part(losses) })), starts: part(starts) };
      };
      return shiftOf(further.map(partOf));
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
          .filter((cell) => named(cell).startsWith(only) && !names.has(named(cell)))
          .map((cell) => () => found(cell))
      : pairs()
          .filter((pair) => nameOf(pair).startsWith(only) && !names.has(nameOf(pair)))
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
