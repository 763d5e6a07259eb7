import { memory } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpu } from '../../../src/experiment/backends/cpu';
import { wasm } from '../../../src/experiment/backends/wasm';
import { deviationsOf } from '../../../src/experiment/verdict/deviations';
import { ruleVariant } from '../../../src/experiment/variants/rule';
import { optimizerRow, OPTIMIZER_ROWS } from '../../../src/recipe/optimizers/optimizers';
import type { ExperimentSpec, VariantSpec } from '../../../src/experiment/spec';
import { run, spec, variant } from './support/lab';
import { rowOf } from './support/every-run';

const fast = { lr: 0.2, weightDecay: 0, constants: { eps: 0 } };

const settings = (row: string): ExperimentSpec['optimizer'] => ({
  row,
  betas: [0.9, 0.99],
  momentum: row === 'sgd' ? 0.5 : 0,
  nesterov: false,
  options: optimizerRow(row)?.options ?? {},
});

const positive = (least: number, most: number): fc.Arbitrary<number> =>
  fc.double({ min: Math.log(least), max: Math.log(most), noNaN: true }).map(Math.exp);

/** Rows under which a twin must have the base's bits; where the first steps differ, the twin's rates know. */
const EXACT_ROWS = OPTIMIZER_ROWS.filter(
  ({ id, exactness, early }) =>
    // The rates of its first steps are those of the gradient, and take the decay, which has another, along.
    exactness === 'exact' || (early !== undefined && id !== 'radam-decoupled'),
);

/** Switches that change what an optimizer does, turned away from where they usually stand. */
const TURNED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  sgd: { dampening: 0.3 },
  adagrad: { lrDecay: 0.1 },
  adam: { amsgrad: 1 },
  adamw: { amsgrad: 1 },
  rmsprop: { centered: 1 },
  'rmsprop-eps-inside': { centered: 1 },
  ademamix: { tAlpha: 7, tBeta3: 9, beta3: 0.995 },
  adan: { noProx: 1 },
  'schedule-free-adamw': { r: 0.5, weightLrPower: 1 },
};

const anySettings = fc.record({
  row: fc.constantFrom(...EXACT_ROWS.map(({ id }) => id)),
  lr: positive(1e-5, 0.2),
  ratio: positive(0.1, 10),
  weightDecay: fc.oneof(fc.constant(0), positive(1e-4, 0.5)),
  /** Factors on the row's own constants. */
  of: fc.array(positive(1e-2, 1e4), { minLength: 4, maxLength: 4 }),
  beta: fc.double({ min: 0, max: 0.99, noNaN: true }),
  momentum: fc.constantFrom(0, 0.9),
  nesterov: fc.boolean(),
  turned: fc.boolean(),
  clip: fc.oneof(fc.constant(null), positive(1e-3, 10)),
  gauge: fc.constantFrom('symmetric' as const, 'keep-init' as const, 'keep-b' as const),
  power: fc.integer({ min: -6, max: 6 }).filter((n) => n !== 0),
  loss: fc.constantFrom('l1' as const, 'mse' as const),
  kind: fc.constantFrom('constant' as const, 'linear' as const, 'cosine' as const),
  seed: fc.nat(),
});

describe.each(['cpu', 'wasm'] as const)('runExperiment on %s', (backend) => {
  it('gives the same bits every time', async () => {
    const adamw = spec({ backend, optimizer: settings('adamw') });
    const [first, second] = [await run(adamw), await run(adamw)];
    expect(first.losses).toEqual(second.losses);
    expect(first).toMatchObject({ backend, stopped: false });
    expect(first.losses[0]).toHaveLength(12);
  });

  it('trains: the loss falls', async () => {
    const { losses } = await run(spec({ backend, steps: 60, variants: [variant({ a: fast, b: fast })] }));
    expect(losses[0]?.at(-1)).toBeLessThan(0.8 * (losses[0]?.[0] ?? 0));
  });

  it('computes a variant alike wherever it stands in the stack, in small and in large products', async () => {
    for (const size of [{}, { width: 64, batch: 64, rank: 7 }]) {
      const other = variant({ name: 'other', role: 'plan', scaling: 1.7, init: { A: 0.3, B: 1 } });
      const variants = [variant(), other, variant({ name: 'again' }), other, variant({ name: 'last' })];
      const { losses } = await run(spec({ backend, variants, optimizer: settings('adam'), ...size }));
      expect(losses[2]).toEqual(losses[0]);
      expect(losses[4]).toEqual(losses[0]);
      expect(losses[3]).toEqual(losses[1]);
      expect(losses[1]).not.toEqual(losses[0]);
    }
  });

  it('keeps no tensor, whether it ends, is stopped, or throws', async () => {
    await run(spec({ backend }));
    const before = memory().numTensors;
    await run(spec({ backend, optimizer: settings('adamw'), variants: [variant({ maxGradNorm: 0.1 })] }));
    await run(spec({ backend, steps: 100_000 }), { isStopped: () => true });
    await expect(run(spec({ backend, optimizer: settings('none') }))).rejects.toThrow(
      /no training for the optimizer none/,
    );
    const refuse = (): never => {
      throw new Error('no more points');
    };
    await expect(run(spec({ backend }), { onPoints: refuse })).rejects.toThrow('no more points');
    expect(memory().numTensors).toBe(before);
  });

  it('stops between batches of points with what it has', async () => {
    let points = 0;
    const onPoints = ({ losses }: { losses: number[][] }): void => void (points += losses[0]?.length ?? 0);
    const result = await run(spec({ backend, steps: 100_000 }), { isStopped: () => points > 0, onPoints });
    expect(result.stopped).toBe(true);
    expect(result.losses[0]?.length).toBe(points);
    expect(points).toBeLessThan(100_000);
  });

  it('sends every point once, in order', async () => {
    const seen: number[] = [];
    const { losses } = await run(spec({ backend, steps: 400 }), {
      onPoints({ from, losses: [base = []] }) {
        expect(from).toBe(seen.length);
        seen.push(...base);
      },
    });
    expect(seen).toEqual(losses[0]);
  });

  it('keeps what overflows apart from the others', async () => {
    const wild = { lr: 1e30, weightDecay: 0, constants: { eps: 0 } };
    const variants = [variant(), variant({ name: 'wild', role: 'plan', a: wild, b: wild, maxGradNorm: 1e9 })];
    const { losses, weightDeviation } = await run(spec({ backend, variants }));
    expect(losses[0]?.every(Number.isFinite)).toBe(true);
    expect(losses[1]?.every(Number.isFinite)).toBe(false);
    expect(losses[0]).toEqual((await run(spec({ backend }))).losses[0]);
    expect(weightDeviation[0]).toBe(0);
  });

  it('gives a twin the same bits at powers of two, whatever the optimizer’s settings', async () => {
    await fc.assert(
      fc.asyncProperty(anySettings, async (s) => {
        const row = rowOf(s.row);
        const constants = Object.fromEntries(
          row.constants.map(({ constant, default: usual }, i) => [constant, (usual || 0.1) * (s.of[i] ?? 1)]),
        );
        const hyper = (lr: number) => ({ lr, weightDecay: row.decay === 'none' ? 0 : s.weightDecay, constants });
        const alike = row.gauges === 'symmetric';
        const gauge = alike ? 'symmetric' : row.frozen ? 'keep-init' : s.gauge;
        const symmetric = gauge === 'symmetric';
        const base = variant({
          a: hyper(s.lr),
          b: hyper(alike ? s.lr : s.lr * s.ratio),
          maxGradNorm: symmetric ? s.clip : null,
        });
        const k = (symmetric ? 4 : 2) ** s.power;
        const twin: VariantSpec = { ...ruleVariant(base, row, k, gauge), name: 'twin', role: 'rescaled' };
        const momentum = row.defaults.momentum === null ? 0 : s.momentum;
        const nesterov = s.nesterov && momentum > 0;
        const options = { ...row.options, ...(s.turned ? TURNED[s.row] : {}) };
        const result = await run(
          spec({
            backend,
            variants: [base, twin],
            loss: s.loss,
            seeds: [s.seed],
            schedule: { kind: s.kind, warmupSteps: 3 },
            optimizer: { row: s.row, betas: [s.beta, 0.999], momentum, nesterov, options },
          }),
        );
        // A run that blows up leaves the range of float32, each twin at its own step.
        fc.pre(result.losses[0]?.every((loss) => loss < 1e9) ?? false);
        expect(deviationsOf(result.losses[1] ?? [], result.losses[0] ?? []).every((d) => d === 0)).toBe(true);
        expect(result.weightDeviation[1]).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});

describe('choosing a backend', () => {
  it.each([
    ['wasm', [wasm, cpu]],
    ['cpu', [cpu]],
  ])('takes %s for auto of what is there', async (first, backends) => {
    const starts: { backend: string }[] = [];
    await run(spec({ backend: 'auto', steps: 2 }), { onStart: (start) => starts.push(start), backends });
    expect(starts.map(({ backend }) => backend)).toEqual([first]);
  });

  it('says why it takes another than was asked for', async () => {
    const notes: unknown[] = [];
    await run(spec({ backend: 'webgl' }), { onStart: (start) => notes.push(start) });
    expect(notes).toEqual([{ backend: 'wasm', note: 'WebGL is not available here. WebAssembly is used instead.' }]);
  });

  it('tells with the result that a device loses bits', async () => {
    const caveat = 'This device rounds as it likes.';
    const lossy = { ...cpu, inspect: () => Promise.resolve({ caveat }) };
    const notes: unknown[] = [];
    const result = await run(spec(), { backends: [lossy], onStart: (start) => notes.push(start) });
    expect(result.losesBits).toBe(true);
    expect(notes).toEqual([{ backend: 'cpu', note: caveat }]);
    expect(await run(spec())).not.toHaveProperty('losesBits');
  });

  it('fails with one sentence where there is none', async () => {
    await expect(run(spec(), { backends: [] })).rejects.toThrow(
      'No backend could be started to train on. CPU is not available here. WebAssembly is not available here.',
    );
  });
});
