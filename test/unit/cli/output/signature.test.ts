import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namedRun } from '../../../../src/cli/output/signature';
import { gridded, signatureLines } from '../../../../src/messages/signature';
import { configRecipe } from '../../../../src/config/plan/as-trained';
import { readConfig } from '../../../../src/config/read';
import { isSameRun } from '../../../../src/recipe/compare/compare-recipes';
import { TOLERANCE } from '../../../../src/recipe/compare/ratio';
import { scalingOf, type Recipe } from '../../../../src/recipe/recipe';
import { recipeWith } from '../../../support/recipe';
import { anyRecipe, magnitudes } from '../../../support/recipes';

const { optimizer } = recipeWith();
const scaled = (alpha: number, fields: Partial<Recipe> = {}): Recipe =>
  recipeWith({ alpha, scaling: alpha / 16, ...fields });

/** A recipe with some numbers a little off: by a tenth to three times what a comparison tolerates. */
const nearby = fc.tuple(anyRecipe, fc.array(fc.constantFrom(0, 0, 0, 0, 0.1, -0.4, 1, -3), { minLength: 4 }));

function moved(recipe: Recipe, steps: readonly number[]): Recipe {
  const [lr = 0, eps = 0, alpha = 0, clip = 0] = steps.map((step) => 1 + step * TOLERANCE);
  const times = (value: number | null, by: number): number | null => value && value * by;
  const to = recipe.alpha * alpha;
  return {
    ...recipe,
    ...{ alpha: to, scaling: scalingOf(recipe.scalingRule, to, recipe.rank) },
    ...{ learningRate: times(recipe.learningRate, lr), maxGradNorm: times(recipe.maxGradNorm, clip) },
    optimizer: { ...recipe.optimizer, eps: times(recipe.optimizer.eps, eps) },
  };
}

describe('the lines of a signature', () => {
  it('are the same only for what a comparison calls the same run', () => {
    let equal = 0;
    fc.assert(
      fc.property(nearby, ([{ recipe }, steps]) => {
        const other = moved(recipe, steps);
        if (signatureLines(recipe).join('\n') !== signatureLines(other).join('\n')) return;
        equal++;
        expect(isSameRun(recipe, other)).toBe(true);
      }),
      { numRuns: 2000, endOnFailure: true },
    );
    expect(equal).toBeGreaterThan(50);
  });

  it.each<[what: string, first: Recipe, second: Recipe]>([
    ['rank stabilisation by its other words', scaled(64), recipeWith({ alpha: 16, scalingRule: 'rslora', scaling: 4 })],
    ['a multiplier', scaled(32), recipeWith({ multiplier: 2, scaling: 2 })],
    ['LoRA+ and two learning rates', recipeWith({ loraplusLrRatio: 4 }), recipeWith({ lrA: 2e-4, lrB: 8e-4 })],
    ['names of one optimizer', recipeWith(), recipeWith({ optimizer: { ...optimizer, name: 'AdamW' } })],
    [
      'Adam and AdamW without weight decay',
      recipeWith({ optimizer: { ...optimizer, weightDecay: 0 } }),
      recipeWith({ optimizer: { ...optimizer, weightDecay: 0, name: 'adam', row: 'adam' } }),
    ],
    ['schedules by two names', recipeWith(), recipeWith({ scheduler: 'cosine_with_warmup' })],
    ['modules in another order', recipeWith({ targetModules: ['q', 'v'] }), recipeWith({ targetModules: 'v, q' })],
    ['products in another order', scaled(1.6, { learningRate: 3e-4 }), scaled(16 * 0.1, { learningRate: 0.1 * 3e-3 })],
  ])('are the same for the same run: %s', (_, first, second) => {
    expect(isSameRun(first, second)).toBe(true);
    expect(signatureLines(second)).toEqual(signatureLines(first));
  });

  it.each<[what: string, second: Recipe]>([
    [
      'weight decay that is not stated',
      recipeWith({ optimizer: { ...optimizer, weightDecay: null, name: null, row: null } }),
    ],
    ['an alpha alone', scaled(64)],
    ['gradient clipping of each element', recipeWith({ maxGradValue: 1 })],
    ['8-bit states', recipeWith({ optimizer: { ...optimizer, quantized: true } })],
    ['an unknown optimizer', recipeWith({ optimizer: { ...optimizer, name: 'Magic', row: null } })],
    ['a learning rate of zero', recipeWith({ learningRate: 0 })],
    ['a learning rate that is not stated', recipeWith({ learningRate: null })],
  ])('differ for %s', (_, second) => {
    expect(isSameRun(recipeWith(), second)).not.toBe(true);
    expect(signatureLines(second)).not.toEqual(signatureLines(recipeWith()));
  });
});

describe('the grid', () => {
  const page = readFileSync('docs/signature.md', 'utf8');
  const rows = [...page.matchAll(/^\| ([\d.e-]+) +\| ([\d.e-]+) +\| +\| ([\d.e-]+) +\| ([\d.e-]+) +\|$/gm)];
  const vectors = rows.flatMap(([, a, b, c, d]) => [[Number(a), Number(b)] as const, [Number(c), Number(d)] as const]);
  it.each(vectors)('takes %d to %d, as docs/signature.md has it', (number, expected) => {
    expect(gridded(number)).toBe(expected);
  });

  it('joins no numbers that are further apart than a comparison tolerates', () => {
    expect(vectors).toHaveLength(8);
    fc.assert(
      fc.property(magnitudes(1e-12, 1e6), fc.double({ min: -2, max: 2, noNaN: true }), (number, step) => {
        const other = number * (1 + step * TOLERANCE);
        if (gridded(number) === gridded(other)) expect(Math.abs(other / number - 1)).toBeLessThanOrEqual(TOLERANCE);
        expect(Math.abs(gridded(number) / number - 1)).toBeLessThan(1.001e-5);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('a run', () => {
  const runOf = (text: string): ReturnType<typeof namedRun> => {
    const config = configRecipe(text, readConfig(text, 'a.yml'), 0);
    if (!config) throw new Error('no recipe');
    return namedRun(config);
  };
  const config = 'adapter: lora\nlora_r: 8\nlora_alpha: 16\noptimizer: adamw_torch\nlearning_rate: 1e-4\n';

  it('has another name where the frozen weights are quantised', () => {
    expect(runOf(`${config}load_in_4bit: true\n`).id).not.toBe(runOf(config).id);
    expect(runOf(config).id).toMatch(/^1-[0-9a-f]{32}$/);
  });

  it('has none where a line was not understood, or a number cannot be trained with', () => {
    expect(runOf(`${config}optim_args: {mystery: 3}\n`)).toMatchObject({ id: null, why: /mystery/ });
  });
});
