import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chosenTask, specFor } from '../../../../src/experiment/specs/spec-for';
import { backendsFor } from '../../../../src/experiment/backends/backend';
import { costOf } from '../../../../src/experiment/cost/time';
import { plansFor } from '../../../../src/recipe/plans/plans';
import { everyKnob, recipeWith } from '../../../support/recipe';
import { spec, variant } from '../support/lab';
import { sharesOf, together } from '../../../../src/experiment/cost/shares';
import type { TrainedRun } from '../../../../src/experiment/spec';

const variants = Array.from({ length: 12 }, () => variant());

describe('costOf', () => {
  it('grows with steps, variants, sizes and a fit', () => {
    const base = spec({ variants });
    const ms = (fields: Parameters<typeof spec>[0]): number => costOf({ ...base, ...fields }, 'wasm').ms;
    expect(ms({ steps: 400 })).toBeGreaterThan(ms({ steps: 200 }));
    expect(ms({ steps: 200, variants: [...variants, ...variants] })).toBeGreaterThan(ms({ steps: 200 }));
    expect(ms({ width: 256 })).toBeGreaterThan(ms({ width: 16 }));
    expect(ms({ fit: { from: 0.1, to: 1, count: 8 } })).toBeGreaterThan(ms({}));
    expect(ms({ task: 'transformer', loss: 'ce', width: 8 })).toBeGreaterThan(ms({ task: 'mlp', width: 8 }));
  });

  it('lets `auto` be WebAssembly, and plain JavaScript where that does not start', () => {
    expect(backendsFor(spec({ backend: 'auto' }))).toEqual(['wasm', 'cpu']);
    expect(backendsFor(spec({ backend: 'webgl' }))).toBe('webgl');
    for (const steps of [10, 1000]) {
      const each = spec({ steps, variants });
      expect(costOf(each, 'wasm').ms).toBeLessThan(costOf(each, 'cpu').ms);
    }
  });
});

describe('the task `auto` chooses', () => {
  const of = (steps: number) => (task: 'linear' | 'mlp' | 'transformer') =>
    spec({ task, width: 8, steps, variants, backend: 'wasm', data: { ...spec().data, inputUnit: 1, lossUnit: 1 } });

  it('is the richest that is done within a second, down to one layer', () => {
    expect(chosenTask('auto', of(10)).spec.task).toBe('transformer');
    const poorer = chosenTask('auto', of(100_000));
    expect(poorer.spec.task).toBe('linear');
    expect(poorer.passedOver.map(({ task }) => task)).toEqual(['transformer', 'mlp']);
    expect(chosenTask('mlp', of(100_000))).toMatchObject({ spec: { task: 'mlp' }, passedOver: [] });
  });

  it('is said, with what would take longer', () => {
    const recipe = recipeWith();
    const plans = plansFor(recipe, 64, everyKnob);
    const prepared = specFor(recipe, plans, 'symmetric', { backend: 'wasm', task: 'auto', steps: 50_000 });
    expect(prepared.spec.task).toBe('linear');
    expect(prepared.assumptions[1]).toMatch(
      /^One transformer block with LoRA would take about \d+(\.\d+)? s on our test machine; select it/,
    );
    expect(prepared.assumptions[2]).toMatch(/^Two LoRA layers would take about/);
  });

  const preparedAt = (fields: Parameters<typeof recipeWith>[0]): ReturnType<typeof specFor> => {
    const recipe = recipeWith(fields);
    return specFor(recipe, plansFor(recipe, 64, everyKnob), 'symmetric', { backend: 'auto', task: 'auto' });
  };

  it('is the transformer for a usual recipe, on all of its layers and on few', () => {
    for (const targetModules of [null, ['q_proj', 'v_proj'], 'all-linear']) {
      expect(preparedAt({ targetModules, dropout: 0.05 }).spec.task).toBe('transformer');
    }
  });

  it.each([
    ['a rate of 0', { learningRate: 0 }],
    ['an optimizer whose steps are all nothing', { optimizer: { ...recipeWith().optimizer, row: 'bnb-lars' } }],
  ])('is one layer where nothing could move the others, which is said: %s', (_, fields) => {
    const { spec: chosen, assumptions } = preparedAt(fields);
    expect(chosen.task).toBe('linear');
    expect(assumptions.slice(1, 3)).toEqual([
      'One transformer block with LoRA would not learn at all with these numbers.',
      'Two LoRA layers would not learn at all with these numbers.',
    ]);
    expect(assumptions.join(' ')).not.toMatch(/makes progress/);
  });
});

describe('sharesOf', () => {
  it('gives every variant to one share, in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 8 }), (variants, count) => {
        const whole = spec({ variants: Array.from({ length: variants }, (_, i) => variant({ name: `v${i}` })) });
        const shares = sharesOf(whole, count);
        expect(shares.length).toBeLessThanOrEqual(count);
        expect(shares.flatMap((share) => share.spec.variants)).toEqual(whole.variants);
        for (const { start, spec } of shares) expect(spec.variants[0]).toBe(whole.variants[start]);
      }),
    );
  });
});

describe('together', () => {
  const part = (losses: number[][], weights: number[]): TrainedRun => ({
    backend: 'wasm',
    losses,
    weights: weights.map((each) => [Float64Array.of(each)]),
    stopped: weights.length === 0,
    ms: losses.length,
  });

  it('puts losses and weights in the order of the whole', () => {
    expect(together([part([[3], [2]], [0.5, 0.25]), part([[1]], [0.75])])).toEqual({
      ...part([[3], [2], [1]], [0.5, 0.25, 0.75]),
      ms: 2,
    });
  });

  it('ends where the shortest share does, without weights where one was cut off', () => {
    expect(together([part([[3, 2]], [0.5]), part([[1]], [])])).toEqual({ ...part([[3], [1]], []), ms: 1 });
  });
});
