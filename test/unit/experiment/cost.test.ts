import { describe, expect, it } from 'vitest';
import { chosenTask } from '../../../src/experiment/auto-task';
import { backendsFor, costOf } from '../../../src/experiment/cost';
import { KERNELS } from '../../../src/experiment/cost-table';
import { specFor } from '../../../src/experiment/spec-for';
import { optimizerRows } from '../../../src/recipe/optimizers/optimizers';
import { plansFor } from '../../../src/recipe/plans/plans';
import { everyKnob, recipeWith } from '../../support/recipe';
import { spec, variant } from './support/lab';

const variants = Array.from({ length: 12 }, () => variant());

describe('costOf', () => {
  it('knows every optimizer of the table', () => {
    expect(Object.keys(KERNELS.optimizers).toSorted()).toEqual(
      optimizerRows()
        .map(({ id }) => id)
        .toSorted(),
    );
  });

  it('grows with steps, variants, sizes and a fit', () => {
    const base = spec({ variants });
    const ms = (fields: Parameters<typeof spec>[0]): number => costOf({ ...base, ...fields }, 'wasm').ms;
    expect(ms({ steps: 400 })).toBeGreaterThan(ms({ steps: 200 }));
    expect(ms({ steps: 200, variants: [...variants, ...variants] })).toBeGreaterThan(ms({ steps: 200 }));
    expect(ms({ width: 256 })).toBeGreaterThan(ms({ width: 16 }));
    expect(ms({ fit: { from: 0.1, to: 1, count: 8, rounds: 2 } })).toBeGreaterThan(ms({}));
    expect(ms({ task: 'transformer', loss: 'ce', width: 8 })).toBeGreaterThan(ms({ task: 'mlp', width: 8 }));
  });

  it('lets `auto` be WebAssembly for what takes long and plain JavaScript for what does not, and nothing else', () => {
    expect(backendsFor(spec({ backend: 'auto', steps: 200, variants }))).toEqual(['wasm', 'cpu']);
    expect(backendsFor(spec({ backend: 'auto', steps: 3, variants: [variant()] }))).toEqual(['cpu', 'wasm']);
    expect(backendsFor(spec({ backend: 'webgl' }))).toBe('webgl');
  });
});

describe('the task `auto` chooses', () => {
  const of = (steps: number) => (task: 'linear' | 'mlp' | 'transformer') =>
    spec({ task, width: 8, steps, variants, backend: 'wasm' });

  it('is the richest that is done within a second, down to one layer', () => {
    expect(chosenTask('auto', of(10)).task).toBe('transformer');
    const poorer = chosenTask('auto', of(100_000));
    expect(poorer.task).toBe('linear');
    expect(poorer.passedOver.map(({ task }) => task)).toEqual(['transformer', 'mlp']);
    expect(chosenTask('mlp', of(100_000))).toEqual({ task: 'mlp', passedOver: [] });
  });

  it('is said, with what would take longer', () => {
    const recipe = recipeWith();
    const plans = plansFor(recipe, 64, everyKnob);
    const prepared = specFor(recipe, plans, 'symmetric', { backend: 'wasm', task: 'auto', steps: 50_000 });
    expect(prepared.spec.task).toBe('linear');
    expect(prepared.assumptions[1]).toMatch(
      /^One transformer block with LoRA would take about \d+(\.\d+)? s here; ask/,
    );
    expect(prepared.assumptions[2]).toMatch(/^Two LoRA layers would take about/);
  });
});
