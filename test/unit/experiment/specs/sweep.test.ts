import { describe, expect, it } from 'vitest';
import { sweepSpec } from '../../../../src/experiment/specs/sweep';
import { runVerdict } from '../../../../src/experiment/verdict/verdict';
import { RecipeError } from '../../../../src/recipe/recipe';
import { recipeWith } from '../../../support/recipe';
import { run } from '../support/lab';

const APPENDIX = [1 / 4, 1, 4, 16, 64, 256];

describe.each(['cpu', 'wasm'] as const)('sweepSpec on %s', (backend) => {
  it('makes the appendix’s six curves equal to the last bit, and the weights too, for any seed', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { spec } = sweepSpec({ alphas: APPENDIX, backend, seed });
      const result = await run(spec);
      const curves = result.losses.filter((_, i) => spec.variants[i]?.role === 'rescaled');
      expect(curves).toHaveLength(6);
      for (const curve of curves) expect(curve).toEqual(result.losses[0]);
      expect(result.weightDeviation.slice(0, 7)).toEqual([0, 0, 0, 0, 0, 0, 0]);
      expect(result.losses[0]).toHaveLength(5);
      expect(runVerdict(spec, result).kind).toBe('identical');
    }
  });

  it('is the same run for alphas that are no powers of four', async () => {
    const { spec } = sweepSpec({ alphas: [3, 7, 10], backend, steps: 50 });
    expect(runVerdict(spec, await run(spec)).kind).toMatch(/^(identical|equivalent)$/);
  });

  it('sweeps a recipe', async () => {
    const own = recipeWith();
    const { spec, assumptions } = sweepSpec({ alphas: [4, 16, 64], recipe: own, backend, steps: 50 });
    expect(spec.variants.slice(0, 4).map(({ name, scaling }) => [name, scaling])).toEqual([
      ['base', 1],
      ['alpha-4', 0.25],
      ['alpha-16', 1],
      ['alpha-64', 4],
    ]);
    expect(assumptions.length).toBeGreaterThan(0);
    expect(runVerdict(spec, await run(spec)).kind).toBe('identical');
    const odd = sweepSpec({ alphas: [3, 50], recipe: own, backend, steps: 50 }).spec;
    expect(runVerdict(odd, await run(odd))).toMatchObject({ kind: 'equivalent', proof: { k: 1 / 4, identical: true } });
  });
});

describe('sweepSpec', () => {
  it('is the blog post’s appendix without a recipe', () => {
    const { spec, assumptions } = sweepSpec({ alphas: [16], backend: 'auto' });
    expect(spec).toMatchObject({ width: 4, batch: 16, rank: 2, loss: 'l1', steps: 5, optimizer: { row: 'sgd' } });
    expect(spec.variants[0]).toMatchObject({ a: { lr: 0.1 }, scaling: 0.5 });
    expect(spec.variants[1]).toMatchObject({ a: { lr: 0.1 / 16 }, scaling: 8, init: { A: 1 / 4 } });
    expect(assumptions).toHaveLength(1);
  });

  it('sweeps DoRA with its magnitudes in the group of B', () => {
    const { spec } = sweepSpec({ alphas: [64], recipe: recipeWith({ useDora: true }), backend: 'auto' });
    expect(spec).toMatchObject({ task: 'linear', useDora: true });
    expect(spec.variants.every(({ m, b }) => m === b)).toBe(true);
  });

  it('refuses an alpha that is none', () => {
    expect(() => sweepSpec({ alphas: [1, 0], backend: 'auto' })).toThrow(RecipeError);
  });
});
