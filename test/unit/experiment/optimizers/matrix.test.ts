import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../../../src/experiment/backends/choose';
import type { MlpProblem } from '../../../../src/experiment/draw/mlp';
import { inBaseGauge, weightDeviations, deviationsOf } from '../../../../src/experiment/verdict/deviations';
import type { BackendId, ExperimentSpec, VariantSpec } from '../../../../src/experiment/spec';
import { linearTask } from '../../../../src/experiment/tasks/regression';
import { train, type Trained } from '../../../../src/experiment/training/train';
import { controlsOf } from '../../../../src/experiment/variants/draws';
import { ruleVariant } from '../../../../src/experiment/variants/rule';
import type { GaugeId } from '../../../../src/recipe/gauge';
import type { OptimizerRow } from '../../../../src/recipe/optimizers/optimizer-row';
import { optimizerRow } from '../../../../src/recipe/optimizers/optimizers';
import { quiet, run, spec, variant } from '../support/lab';

/** What test/golden/make-matrix.py writes; see there. */
interface Fixture {
  width: number;
  batch: number;
  rank: number;
  scaling: number;
  start: Record<'inputs' | 'targets' | 'frozen' | 'a' | 'b', number[]>;
  cases: Record<string, Case>;
}

interface Case {
  row: string;
  lr: number;
  weightDecay: number;
  eps: number;
  momentum: number;
  betas: [number, number];
  options: Record<string, number>;
  bIsZero: boolean;
  /** Loss before each step, in float64. */
  loss64: number[];
  /** The factors after the last step. */
  a: number[];
  b: number[];
}

const FIXTURE = JSON.parse(readFileSync(resolve(__dirname, '../../../golden/matrix.json'), 'utf8')) as Fixture;
const CASES = Object.entries(FIXTURE.cases);

/** Rounding moves a loss by a few 1e-7 where nothing amplifies it; the controls say where something does. */
const CLOSE = 1e-6;
const AMPLIFIED = 4;

/** A smaller one is lost beside gradients of this problem. */
const LEAST_TELLING_EPS = 1e-4;

/** Of the largest element, after all steps. */
const WEIGHTS_CLOSE = 5e-6;

function rowOf({ row }: Case): OptimizerRow {
  const found = optimizerRow(row);
  if (!found) throw new Error(`no row ${row}`);
  return found;
}

function baseOf({ lr, weightDecay, eps }: Case): VariantSpec {
  const hyper = { lr, weightDecay, constants: { eps } };
  return variant({ scaling: FIXTURE.scaling, a: hyper, b: hyper });
}

async function trainOn(backend: BackendId, one: Case, variants: VariantSpec[]): Promise<Trained & { twins: number[] }> {
  await chooseBackend(backend, quiet.backends, quiet.assets);
  const { width, batch, rank, start } = FIXTURE;
  const row = rowOf(one);
  const settings: ExperimentSpec = spec({
    variants,
    steps: one.loss64.length,
    optimizer: {
      row: row.id,
      betas: one.betas,
      momentum: one.momentum,
      nesterov: row.defaults.nesterov ?? false,
      options: { ...row.options, ...one.options },
    },
  });
  const numbers = (values: number[]): Float32Array => Float32Array.from(values);
  const problem: MlpProblem = {
    batch,
    batches: 1,
    rank,
    layers: [{ inputs: width, outputs: width, frozen: numbers(start.frozen) }],
    draws: [
      {
        inputs: numbers(start.inputs),
        targets: start.targets,
        adapters: [{ a: numbers(start.a), b: numbers(one.bIsZero ? start.b.map(() => 0) : start.b) }],
      },
    ],
  };
  const task = linearTask(problem, variants, 'mse');
  const trained = await train(settings, task, quiet);
  task.dispose();
  return { ...trained, twins: weightDeviations(variants, inBaseGauge(variants, task.blocks, trained.weights)) };
}

const largest = (values: readonly number[]): number => Math.max(...values);

const far = (one: readonly number[], other: readonly number[]): number => largest(deviationsOf(one, other));

describe.each(['cpu', 'wasm'] as const)('optimizers of whole matrices on %s', (backend) => {
  let tensors: number;
  beforeAll(async () => {
    await chooseBackend(backend, quiet.backends, quiet.assets);
    tensors = memory().numTensors;
  });

  it.each(CASES)('trains %s as its published code does', async (_name, one) => {
    const base = baseOf(one);
    const { losses, weights } = await trainOn(backend, one, [base, ...controlsOf(base)]);
    const [mine = [], ...controls] = losses;
    const drift = largest(controls.map((control) => far(control, mine)));
    expect(far(mine, one.loss64)).toBeLessThanOrEqual(Math.max(CLOSE, AMPLIFIED * drift));
    expect(mine.at(-1)).not.toBe(mine[0]);

    const size = FIXTURE.rank * FIXTURE.width;
    const [all = new Float32Array()] = weights;
    const b = all.subarray(losses.length * size, (losses.length + 1) * size);
    const straight = one.b.map((_, i) => b[(i % FIXTURE.rank) * FIXTURE.width + Math.floor(i / FIXTURE.rank)] ?? 0);
    const off = (values: ArrayLike<number>, right: readonly number[]): number =>
      largest(right.map((value, i) => Math.abs((values[i] ?? 0) - value))) / largest(right.map(Math.abs));
    expect(off(all, one.a)).toBeLessThan(WEIGHTS_CLOSE);
    expect(off(straight, one.b)).toBeLessThan(WEIGHTS_CLOSE);
    expect(memory().numTensors).toBe(tensors);
  });

  it.each(CASES)('gives twins of %s at powers of two the bits of the base', async (_name, one) => {
    const base = baseOf(one);
    const row = rowOf(one);
    const twins = gaugesOf(row).flatMap((gauge) =>
      [-3, -1, 1, 2, 5].map((power) => {
        const k = (gauge === 'symmetric' ? 4 : 2) ** power;
        return { ...ruleVariant(base, row, k, gauge), name: `${gauge} ${k}` };
      }),
    );
    const { losses, twins: distances } = await trainOn(backend, one, [base, ...twins]);
    const [mine = []] = losses;
    // APOLLO's 1e-8 beside a norm cannot move, so there the bits may be others.
    const allowed = one.row === 'apollo' ? CLOSE : 0;
    losses.forEach((loss) => expect(far(loss, mine)).toBeLessThanOrEqual(allowed));
    distances.forEach((distance) => expect(distance).toBeLessThanOrEqual(allowed));
  });

  it.each(CASES)('tells a twin of %s that forgets a constant', async (_name, one) => {
    const base = baseOf(one);
    const right = ruleVariant(base, rowOf(one), 16);
    const forgets = (
      wrong: (twin: VariantSpec['b'], base: VariantSpec['b']) => Partial<VariantSpec['b']>,
    ): VariantSpec => ({
      ...right,
      a: { ...right.a, ...wrong(right.a, base.a) },
      b: { ...right.b, ...wrong(right.b, base.b) },
    });
    const twins = [
      forgets((_, { lr }) => ({ lr })),
      ...(one.weightDecay > 0 ? [forgets((_, { weightDecay }) => ({ weightDecay }))] : []),
      ...(one.eps >= LEAST_TELLING_EPS ? [forgets((_, { constants }) => ({ constants }))] : []),
    ];
    const { losses } = await trainOn(backend, one, [base, ...twins]);
    const [mine = [], ...others] = losses;
    others.forEach((other) => expect(far(other, mine)).toBeGreaterThan(10 * CLOSE));
  });
});

describe('LoRA-FA', () => {
  it('keeps A out of the norm that clips, so that the threshold moves with B', async () => {
    const one = FIXTURE.cases['lora-fa'];
    if (!one) throw new Error('no case lora-fa');
    const row = rowOf(one);
    // With B away from zero there is a gradient of A, which would count otherwise.
    const filled = { ...one, bIsZero: false };
    const base = { ...baseOf(one), maxGradNorm: 0.05 };
    const twin = ruleVariant(base, row, 8);
    expect(twin).toMatchObject({ gauge: { p: 1, q: 8 }, init: { A: 1 }, maxGradNorm: 0.4 });
    const { losses, twins } = await trainOn('cpu', filled, [base, twin, baseOf(one), { ...twin, maxGradNorm: 0.05 }]);
    expect(losses[1]).toEqual(losses[0]);
    expect(twins[1]).toBe(0);
    expect(losses[2]).not.toEqual(losses[0]);
    expect(losses[3]).not.toEqual(losses[0]);
  });
});

// Rows whose rule is exact train on every task in tasks-twins.test.ts.
describe('optimizers of whole matrices in a network', () => {
  const rows = ['soap', 'sinkgd', 'galore'];
  const tasks = ['one DoRA layer', 'mlp', 'transformer'] as const;

  it.each(tasks.flatMap((task) => rows.map((row) => [task, row] as const)))(
    'gives a twin the bits of the base on %s under %s, and keeps no tensor',
    async (task, id) => {
      const row = optimizerRow(id);
      if (!row) throw new Error(`no row ${id}`);
      const { betas, momentum, nesterov } = row.defaults;
      const constants = Object.fromEntries(row.constants.map(({ constant, default: usual }) => [constant, usual]));
      const hyper = { lr: 0.01, weightDecay: 0.1, constants };
      const base = variant({ a: hyper, b: hyper, m: hyper });
      const networks: ExperimentSpec = spec({
        task: task === 'one DoRA layer' ? 'linear' : task,
        useDora: task === 'one DoRA layer',
        loss: task === 'transformer' ? 'ce' : 'mse',
        width: 8,
        rank: 2,
        variants: [base, ruleVariant(base, row, 4)],
        optimizer: {
          row: id,
          betas: betas ?? [0.9, 0.999],
          momentum: momentum ?? 0,
          nesterov: nesterov ?? false,
          options: row.options ?? {},
        },
      });
      await chooseBackend('cpu', quiet.backends, quiet.assets);
      const before = memory().numTensors;
      const { losses, weightDeviation } = await run(networks);
      expect(losses[0]?.every(Number.isFinite)).toBe(true);
      expect(losses[0]?.at(-1)).not.toBe(losses[0]?.[0]);
      expect(losses[1]).toEqual(losses[0]);
      expect(weightDeviation[1]).toBe(0);
      expect(memory().numTensors).toBe(before);
    },
  );
});

function gaugesOf({ frozen }: OptimizerRow): GaugeId[] {
  return frozen ? ['keep-init'] : ['symmetric', 'keep-init', 'keep-b'];
}
