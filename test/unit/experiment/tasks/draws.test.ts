import { describe, expect, it } from 'vitest';
import { PROJECTIONS, type ExperimentSpec, type VariantSpec } from '../../../../src/experiment/spec';
import { ruleVariant } from '../../../../src/experiment/variants/rule';
import type { GaugeId } from '../../../../src/recipe/gauge';
import { rowOf } from '../support/every-run';
import { run, spec, variant } from '../support/lab';

/** All tasks with everything on that a spec can ask for: draws, mini-batches, dropout, decay, both clips. */

type Case = Pick<ExperimentSpec, 'task' | 'useDora' | 'loss'> & Partial<ExperimentSpec>;

const llama = { norm: 'rms', gated: true, targets: PROJECTIONS, pretrainSteps: 3 } as const;
const gpt = { norm: 'layer', gated: false, targets: ['q', 'k', 'v', 'o', 'up', 'down'], pretrainSteps: 3 } as const;
const small = { hidden: 6, sequence: 3, heads: 1, vocabulary: 4, layers: 2 };

const cases: readonly Case[] = [false, true].flatMap((useDora): Case[] => [
  { task: 'linear', useDora, loss: 'mse' },
  { task: 'mlp', useDora, loss: 'l1', sizes: { hidden: 6, layers: 3 } },
  { task: 'transformer', useDora, loss: 'ce', batch: 2, sizes: small, block: useDora ? gpt : llama },
]);

const settings = (row: string): ExperimentSpec['optimizer'] => ({
  row,
  betas: [0.9, 0.99],
  momentum: row === 'sgd' ? 0.5 : 0,
  nesterov: false,
  options: {},
});

function everything(wanted: Case, row: string, fields: Partial<ExperimentSpec> = {}): ExperimentSpec {
  const schedule = { kind: 'cosine', warmupSteps: 2 } as const;
  const common = { optimizer: settings(row), seeds: [3, 8], batches: 3, dropout: 0.25, steps: 9, schedule };
  return spec({ ...common, ...wanted, ...fields });
}

function baseOf(row: string, { useDora }: Case): VariantSpec {
  const lr = row === 'sgd' ? 0.05 : 0.01;
  const hyper = { lr, weightDecay: 0.1, constants: row === 'lion' ? {} : { eps: 1e-6 } };
  // One threshold cannot be right for magnitudes, whose gradients do not grow.
  const clips = useDora ? {} : { maxGradValue: 0.02, maxGradNorm: 0.05 };
  return variant({ a: hyper, b: hyper, m: { ...hyper, lr: lr / 3 }, ...clips });
}

function inDraw(draw: number, name: string, fields: VariantSpec): VariantSpec {
  return { ...fields, name: draw === 0 ? name : `${name}@${draw}`, draw };
}

function twin(base: VariantSpec, row: string, k: number, gauge: GaugeId): VariantSpec {
  return { ...ruleVariant(base, rowOf(row), k, gauge), role: 'rescaled' };
}

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  describe.each(cases)('$task, DoRA $useDora', (wanted) => {
    it.each(['sgd', 'adamw', 'lion'])('twins have the bits of the base of their draw under %s', async (row) => {
      const base = baseOf(row, wanted);
      const keepInit = { ...base, maxGradValue: null, maxGradNorm: null };
      const variants = [0, 1].flatMap((draw) => [
        inDraw(draw, 'base', base),
        inDraw(draw, 'rescaled', twin(base, row, 4, 'symmetric')),
        inDraw(draw, 'smaller', twin(base, row, 1 / 16, 'symmetric')),
        inDraw(draw, 'alone', { ...base, role: 'alpha-only', scaling: 8 }),
        inDraw(draw, 'free', { ...keepInit, role: 'plan' }),
        inDraw(draw, 'keep-init', { ...twin(keepInit, row, 4, 'keep-init'), role: 'plan' }),
      ]);
      const { losses, weightDeviation } = await run(everything(wanted, row, { backend, variants }));
      for (const from of [0, 6]) {
        const [own = [], rescaled, smaller, alone, free, keep] = losses.slice(from, from + 6);
        expect(own.every(Number.isFinite)).toBe(true);
        expect(rescaled).toEqual(own);
        expect(smaller).toEqual(own);
        expect(keep).toEqual(free);
        expect(weightDeviation.slice(from, from + 3)).toEqual([0, 0, 0]);
        expect(alone).not.toEqual(own);
        if (!wanted.useDora) expect(free).not.toEqual(own);
      }
      expect(losses[6]).not.toEqual(losses[0]);
    });

    it('a draw has the same bits alone and beside others', async () => {
      const base = baseOf('adamw', wanted);
      const both = everything(wanted, 'adamw', {
        backend,
        variants: [inDraw(1, 'base', base), inDraw(0, 'base', base), inDraw(1, 'more', { ...base, scaling: 3 })],
      });
      const [, first] = (await run(both)).losses;
      const alone = await run({ ...both, seeds: [3], variants: [base] });
      expect(alone.losses[0]).toEqual(first);
    });
  });
});

describe('what is asked for', () => {
  const [first, second] = [baseOf('adamw', { task: 'linear', useDora: false, loss: 'mse' }), { scaling: 3 }];

  it.each(cases)('shows in the losses: $task, DoRA $useDora', async (wanted) => {
    const all = everything(wanted, 'adamw', { variants: [first, { ...first, ...second, name: 'other' }] });
    const [losses = []] = (await run(all)).losses;
    const changes: Partial<ExperimentSpec>[] = [
      { dropout: 0 },
      { batches: 1 },
      { dropout: 0.3 },
      { variants: [{ ...first, draw: 1 }] },
      { variants: [{ ...first, maxGradValue: null }] },
      { useDora: !wanted.useDora },
    ];
    for (const change of changes) {
      const [others = []] = (await run({ ...all, ...change })).losses;
      expect(others).toHaveLength(losses.length);
      expect(others, Object.keys(change).join()).not.toEqual(losses);
    }
  });

  it('comes back to a mini-batch where nothing is learned', async () => {
    const still = variant({ a: { ...first.a, lr: 0, weightDecay: 0 }, b: { ...first.b, lr: 0, weightDecay: 0 } });
    const quietly = spec({ batches: 3, steps: 9, seeds: [3, 8], variants: [still, inDraw(1, 'base', still)] });
    for (const losses of (await run(quietly)).losses) {
      expect(new Set(losses).size).toBe(3);
      expect(losses.slice(3, 6)).toEqual(losses.slice(0, 3));
      expect(losses.slice(6)).toEqual(losses.slice(0, 3));
    }
  });
});
