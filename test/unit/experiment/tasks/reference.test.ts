import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../../../src/experiment/backends/backend';
import { chooseBackend } from '../../../../src/experiment/backends/choose';
import { cpu } from '../../../../src/experiment/backends/cpu';
import { wasm } from '../../../../src/experiment/backends/wasm';
import type { Dropout } from '../../../../src/experiment/draw/random';
import type { MlpProblem } from '../../../../src/experiment/draw/mlp';
import { mlpTask } from '../../../../src/experiment/tasks/regression';
import { train } from '../../../../src/experiment/training/train';
import { ASSETS, quiet, spec, variant } from '../support/lab';

/** A run of PEFT's own layers; reference.py makes them and says what the numbers mean. */
interface Case {
  id: string;
  useDora: boolean;
  dropout: boolean;
  row: string;
  lr: number;
  weightDecay: number;
  maxGradValue: number | null;
  maxGradNorm: number | null;
  losses: number[];
  final: Record<string, number[]>;
}

interface Reference {
  widths: number[];
  batch: number;
  batches: number;
  rank: number;
  scaling: number;
  steps: number;
  start: { x: number[]; y: number[]; w0: number[][]; a: number[][]; b: number[][]; masks: number[][][] };
  cases: Case[];
}

const reference = JSON.parse(readFileSync(join(__dirname, 'reference.json'), 'utf8')) as Reference;

/** Seven float32 steps against float64: a few units in the last place. */
const ROUNDING = 3e-6;

const floats = (values: readonly number[] | undefined): Float32Array => Float32Array.from(values ?? []);

function problemOf({ widths, batch, batches, rank, start }: Reference): MlpProblem {
  const { x, y, w0, a, b } = start;
  return {
    batch,
    batches,
    rank,
    layers: w0.map((frozen, i) => ({
      inputs: widths[i] ?? 0,
      outputs: widths[i + 1] ?? 0,
      frozen: floats(frozen),
    })) as unknown as MlpProblem['layers'],
    draws: [
      { inputs: floats(x), targets: y, adapters: a.map((values, i) => ({ a: floats(values), b: floats(b[i]) })) },
    ],
  };
}

const given: Dropout = {
  mask: (_, step, layer) => floats(reference.start.masks[Number(layer) - 1]?.[step - 1]),
};

/** How far our float32 run is from the case's losses and last weights, relative to the largest of each. */
async function distanceFrom(wanted: Case, backend: Backend): Promise<number> {
  const { scaling, steps, rank } = reference;
  const hyper = { lr: wanted.lr, weightDecay: wanted.weightDecay, constants: { eps: 1e-8 } };
  const { maxGradValue, maxGradNorm, row, useDora } = wanted;
  const variants = [variant({ scaling, a: hyper, b: hyper, m: hyper, maxGradValue, maxGradNorm })];
  const optimizer = { row, betas: [0.9, 0.999] as const, momentum: 0, nesterov: false, options: {} };
  await chooseBackend(backend.id, [backend], ASSETS);
  const task = mlpTask(problemOf(reference), 'mse', { variants, useDora, dropout: wanted.dropout ? given : null });
  const { losses, weights } = await train(spec({ steps, variants, optimizer, clipEps: 1e-6 }), task, quiet);
  task.dispose();
  const finals = task.blocks.flatMap(({ rows, columns, parameters }, block) =>
    parameters.map(({ name, transposed }, i) => {
      const kept = weights[block]?.slice(i * rows * columns, (i + 1) * rows * columns) ?? new Float32Array();
      const straight = (at: number): number => kept[(at % rank) * columns + Math.floor(at / rank)] ?? Number.NaN;
      return distance(transposed ? [...kept].map((_, at) => straight(at)) : [...kept], wanted.final[name] ?? []);
    }),
  );
  expect(finals).toHaveLength(Object.keys(wanted.final).length);
  return Math.max(distance(losses[0] ?? [], wanted.losses), ...finals);
}

function distance(mine: readonly number[], theirs: readonly number[]): number {
  const size = Math.max(...theirs.map(Math.abs));
  return Math.max(...theirs.map((value, i) => Math.abs((mine[i] ?? Number.NaN) - value))) / size;
}

describe.each([cpu, wasm])('three adapted layers on $id', (backend) => {
  it.each(reference.cases.map((wanted) => [wanted.id, wanted] as const))(
    '%s is what PEFT trains',
    async (_, wanted) => {
      expect(await distanceFrom(wanted, backend)).toBeLessThan(ROUNDING);
    },
  );
});

describe('what is left out shows', () => {
  const ways: readonly [string, (wanted: Case) => Partial<Case> | null][] = [
    ['dropout', ({ dropout }) => ({ dropout: !dropout })],
    ['the clip by value', ({ maxGradValue }) => (maxGradValue === null ? null : { maxGradValue: null })],
    ['the clip by norm', ({ maxGradNorm }) => (maxGradNorm === null ? null : { maxGradNorm: null })],
    [
      'a percent of the clip by value',
      ({ maxGradValue: value }) => (value === null ? null : { maxGradValue: 1.01 * value }),
    ],
  ];
  const wrong = reference.cases.flatMap((wanted) =>
    ways.flatMap(([what, change]) => {
      const changed = change(wanted);
      // Adam's step does not see by how much all gradients were shortened.
      const isBlind = wanted.row !== 'sgd' && what.includes('clip by');
      return changed && !isBlind ? [[`${wanted.id}: ${what}`, { ...wanted, ...changed }] as const] : [];
    }),
  );
  it.each(wrong)('%s', async (_, wanted) => {
    expect(await distanceFrom(wanted, cpu)).toBeGreaterThan(ROUNDING);
  });
});
