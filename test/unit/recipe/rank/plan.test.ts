import { describe, expect, it } from 'vitest';
import { scalingOf, type Recipe } from '../../../../src/recipe/recipe';
import { embeddedChanges, rankCaveats, rankPlans } from '../../../../src/recipe/rank/plan';
import { recipeWith } from '../../../support/recipe';

const at = (fields: Partial<Recipe>): Recipe => {
  const recipe = { ...recipeWith(), ...fields };
  return { ...recipe, scaling: scalingOf(recipe.scalingRule, recipe.alpha, recipe.rank) };
};

/** `rule claim alpha lr` of each plan. */
const planned = (recipe: Recipe, rank: number): string[] =>
  rankPlans(recipe, rank).map(({ rule, claim, to }) => `${rule} ${claim} ${to.alpha} ${to.lr}`);

describe('plans for another rank', () => {
  it('keep alpha under Adam, and list the published rules and the habits', () => {
    expect(planned(at({ alpha: 32 }), 64)).toEqual([
      'keep-alpha recommended 32 0.0002',
      'mua-root published 64 0.000141421',
      'mua-scaling published 128 0.0001',
      'rslora published 64 0.0002',
      'scaling-kept habit 128 0.0002',
      'inverse-rank habit 128 0.00005',
    ]);
    expect(planned(at({}), 32)).toContain('alpha-2r habit 64 0.0002');
  });

  it('keep what the config says under rsLoRA', () => {
    expect(planned(at({ scalingRule: 'rslora' }), 64)[0]).toBe('mua-root recommended 16 0.000141421');
    expect(rankPlans(at({ scalingRule: 'rslora' }), 64)[0]?.title).toBe('Scaling ÷ √m, learning rate ÷ m^0.25');
    expect(embeddedChanges(at({ scalingRule: 'rslora' }), 64)?.[1]).toMatchObject({ field: 'alpha', written: 8 });
  });

  it('recommend nothing where no rule was seen to hold', () => {
    const sgd = at({ optimizer: { ...recipeWith().optimizer, name: 'sgd', row: 'sgd' } });
    expect(rankPlans(sgd, 64).some(({ claim }) => claim === 'recommended')).toBe(false);
    expect(rankCaveats(sgd)).toEqual([expect.stringMatching(/^No rule is recommended for SGD: /)]);
  });

  const adam = { ...recipeWith().optimizer, name: 'adam', row: 'adam', weightDecay: 0.1 };
  it.each([
    ['DoRA', { useDora: true }],
    ['LoRA+', { loraplusLrRatio: 16 }],
    ['LoRA+', { lrB: 0.1 }],
    ['the init PiSSA', { init: 'pissa' }],
    ['the init EVA', { init: 'eva' }],
    ['embedding layers', { targetModules: ['embed_tokens'] }],
    ['Adam with weight decay', { optimizer: adam }],
  ] as const)('recommend nothing for %s', (what, fields) => {
    const recipe = at(fields);
    expect(rankPlans(recipe, 64).some(({ claim }) => claim === 'recommended')).toBe(false);
    expect(rankCaveats(recipe)).toContainEqual(expect.stringContaining(`No rule is recommended for ${what}: `));
  });

  it('say that states of few bits were not measured', () => {
    const quantized = at({ optimizer: { ...recipeWith().optimizer, quantized: true } });
    expect(rankCaveats(quantized)).toEqual(['The rules were not measured with states of 8 bits or fewer.']);
  });

  it('move eps and clipping of repeated rows', () => {
    expect(embeddedChanges(at({}), 64)?.map(({ field, written, law }) => [field, written, law])).toEqual([
      ['rank', 64, 'as asked'],
      ['eps', 2.5e-9, '÷ m'],
      ['maxGradNorm', 0.5, '÷ √m'],
    ]);
  });

  it.each([
    ['a rank that is no multiple', 24, {}],
    ['DoRA', 64, { useDora: true }],
    ['an init from the weights', 64, { init: 'pissa' }],
    ['a bias of B', 64, { loraBias: true }],
    ['embedding layers', 64, { targetModules: ['wte'] }],
  ] as const)('repeat no rows with %s', (_, rank, fields) => {
    expect(embeddedChanges(at(fields), rank)).toBeNull();
  });

  it('name an init whose size depends on the rank', () => {
    expect(rankCaveats(at({ init: 'gaussian' }))).toEqual([
      expect.stringMatching(/draws A by the rank: /),
      expect.stringMatching(/^No rule is recommended for the init /),
    ]);
    expect(rankCaveats(at({}))).toEqual([]);
  });

  it('are none at the same rank, and refuse what is no rank', () => {
    expect(rankPlans(at({}), 16)).toEqual([]);
    expect(() => rankPlans(at({}), 1.5)).toThrow('rank is 1.5');
  });
});
