import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare } from '../../../../src/recipe/compare/compare-recipes';
import { initRow, isAutomatic } from '../../../../src/recipe/init/init-rows';
import { INITS } from '../../../../src/recipe/init/init-rows';
import { CONSTANT_IDS } from '../../../../src/recipe/optimizers/constants';
import { plansFor } from '../../../../src/recipe/plans/plans';
import type { Field, TrainerSupport, Plan } from '../../../../src/recipe/plans/plan';
import { scalingOf, type Recipe } from '../../../../src/recipe/recipe';
import { anyRecipe, magnitudes } from '../../../support/recipes';

const MOVABLE: readonly Field[] = [
  'alpha',
  'useRslora',
  'learningRate',
  'loraplusLrRatio',
  'weightDecay',
  'maxGradNorm',
  ...CONSTANT_IDS,
];

/** Trainers that let their user set some of what moves, or all. */
const support: fc.Arbitrary<TrainerSupport> = fc
  .tuple(
    fc.constantFrom<Field[]>([], ['loraplusLrRatio'], ['weightDecay'], ['maxGradNorm'], [...CONSTANT_IDS]),
    fc.boolean(),
  )
  .map(([fixed, dropsDecay]) => ({
    settable: new Set(MOVABLE.filter((field) => !fixed.includes(field))),
    loraplus: { dropsDecay, vectorsWithB: false },
  }));

/** Recipes of every row and init, with decay and clipping on or off. */
const recipes: fc.Arbitrary<Recipe> = fc
  .record({
    base: anyRecipe,
    init: fc.constantFrom(...INITS.map(({ id }) => id)),
    decays: fc.boolean(),
    clips: fc.boolean(),
    isPlus: fc.boolean(),
  })
  // Where the optimizer freezes A and the init B, nothing is left to train.
  .filter(({ base, init }) => !(base.row.frozen && initRow(init)?.frozen))
  .map(({ base: { recipe }, init, decays, clips, isPlus }) => ({
    ...recipe,
    init,
    maxGradNorm: clips ? recipe.maxGradNorm : 0,
    loraplusLrRatio: isPlus ? recipe.loraplusLrRatio : null,
    optimizer: { ...recipe.optimizer, weightDecay: decays ? recipe.optimizer.weightDecay : 0 },
  }));

/** `recipe` with the numbers of `plan`, as they would be written. */
function planned(recipe: Recipe, { changes }: Plan): Recipe {
  const to = new Map(changes.map(({ field, written }) => [field, written]));
  const number = (field: Field, own: number | null): number | null => to.get(field) ?? own;
  const { optimizer, scalingRule, rank } = recipe;
  const alpha = to.get('alpha') ?? recipe.alpha;
  return {
    ...recipe,
    alpha,
    scaling: scalingOf(scalingRule, alpha, rank),
    learningRate: number('learningRate', recipe.learningRate),
    loraplusLrRatio: number('loraplusLrRatio', recipe.loraplusLrRatio),
    maxGradNorm: number('maxGradNorm', recipe.maxGradNorm),
    optimizer: {
      ...optimizer,
      eps: number('eps', optimizer.eps),
      weightDecay: number('weightDecay', optimizer.weightDecay),
      constants: {
        ...optimizer.constants,
        ...Object.fromEntries(CONSTANT_IDS.flatMap((id) => (id !== 'eps' && to.has(id) ? [[id, to.get(id)]] : []))),
      },
    },
  };
}

const UNTOUCHED = { A: 1, B: 1 };
const targets = magnitudes(1e-2, 1e2).filter((k) => Math.abs(k - 1) > 1e-2);

describe('plans and signatures', () => {
  it('agree: every plan that is called exact is the same run, as it would be written', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(recipes, targets, support, (recipe, k, own) => {
        const { plans } = plansFor(recipe, recipe.alpha * k, own);
        for (const plan of plans.filter(({ exactness }) => exactness === 'exact')) {
          seen.add(plan.id);
          const init = plan.needsInitCode ? plan.init : UNTOUCHED;
          const { compared } = compare(recipe, planned(recipe, plan), { init: [UNTOUCHED, init] });
          const differing = compared.filter(({ same }) => same !== true);
          expect(differing, `${plan.id} of ${recipe.optimizer.row}, ${recipe.init}`).toEqual([]);
        }
      }),
      // Three in a thousand draws have an exact plan that keeps the init.
      { numRuns: 5000 },
    );
    expect([...seen].sort()).toEqual(['keep-b', 'keep-init', 'symmetric']);
  });

  it('agree: the learning rate alone is never the same run where both factors train', () => {
    fc.assert(
      fc.property(recipes, targets, support, (recipe, k, own) => {
        const plan = plansFor(recipe, recipe.alpha * k, own).plans.find(({ id }) => id === 'lr-only');
        const init = initRow(recipe.init);
        // PiSSA and CorDA do the rest by themselves.
        fc.pre(plan !== undefined && plan.exactness === 'approximate' && !(init && isAutomatic(init)));
        const result = compare(recipe, planned(recipe, plan as Plan));
        fc.pre(
          result.signatures[0].quantities.pace !== undefined && result.signatures[0].quantities.reach !== undefined,
        );
        expect(result.same).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
