import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plansFor } from '../../../../src/recipe/plans/plans';
import type { Field, TrainerSupport, Plan, PlanId } from '../../../../src/recipe/plans/plan';
import { RecipeError, type Recipe } from '../../../../src/recipe/recipe';
import { recipeWith } from '../../../support/recipe';

const adamw: Recipe = recipeWith({ learningRate: 3e-4, warmup: 0 });
const every: TrainerSupport = {
  settable: new Set<Field>(['alpha', 'learningRate', 'weightDecay', 'eps', 'maxGradNorm']),
};
const without = (...fields: Field[]): TrainerSupport => ({
  settable: new Set([...every.settable].filter((field) => !fields.includes(field))),
});

function planOf(id: PlanId, recipe = adamw, alpha = 64, support = every): Plan {
  const plan = plansFor(recipe, alpha, support).plans.find((candidate) => candidate.id === id);
  if (!plan) throw new Error(`no plan ${id}`);
  return plan;
}
const written = (plan: Plan): Record<string, number | null> =>
  Object.fromEntries(plan.changes.map((change) => [change.field, change.written]));

describe('plansFor', () => {
  it('moves everything that carries a unit, exactly, at alpha × 4', () => {
    const plan = planOf('symmetric');
    expect(plan.exactness).toBe('exact');
    expect(written(plan)).toEqual({
      alpha: 64,
      learningRate: 1.5e-4,
      weightDecay: 0.02,
      maxGradNorm: 2,
      eps: 2e-8,
      init: 0.5,
    });
    expect(plan.init).toEqual({ A: 0.5, B: 0.5 });
  });

  it('writes six digits and keeps the exact number beside them', () => {
    const lr = planOf('symmetric', adamw, 48).changes.find(({ field }) => field === 'learningRate');
    expect(lr).toMatchObject({ written: 1.73205e-4, exact: 3e-4 * 3 ** -0.5, law: '÷ √k', from: 3e-4 });
  });

  it('says lr/k for SGD', () => {
    const sgd = { ...adamw, optimizer: { ...adamw.optimizer, name: 'sgd', row: 'sgd', eps: null, weightDecay: 0 } };
    const plan = planOf('symmetric', sgd);
    expect(written(plan)).toMatchObject({ learningRate: 7.5e-5, init: 0.5 });
    expect(plan.changes.map(({ field }) => field)).not.toContain('eps');
  });

  it('never calls the learning rate alone exact', () => {
    expect(planOf('lr-only').exactness).toBe('approximate');
    expect(written(planOf('lr-only'))).toEqual({ alpha: 64, learningRate: 7.5e-5 });
  });

  it.each([
    ['weightDecay', 'decay-fixed', 'approximate'],
    ['maxGradNorm', 'clip-fixed', 'approximate'],
    ['eps', 'eps-fixed', 'nearly'],
  ] as const)('is less than exact where %s cannot be set', (field, code, exactness) => {
    const plan = planOf('symmetric', adamw, 64, without(field));
    expect(plan.exactness).toBe(exactness);
    expect(plan.caveats.map((caveat) => caveat.code)).toContain(code);
    expect(plan.changes.map((change) => change.field)).not.toContain(field);
  });

  it('moves a clip threshold by value as the gradients of A and B move alike, and says where they do not', () => {
    const support: TrainerSupport = {
      settable: new Set<Field>([...every.settable, 'maxGradValue', 'loraplusLrRatio']),
    };
    const clipped = { ...adamw, maxGradNorm: 0, maxGradValue: 0.5 };
    const plan = planOf('symmetric', clipped, 64, support);
    expect(plan.exactness).toBe('exact');
    expect(plan.changes.find(({ field }) => field === 'maxGradValue')).toMatchObject({ written: 1, law: '× √k' });
    const codes = (of: Plan): string[] => of.caveats.map(({ code }) => code);
    expect(codes(planOf('symmetric', clipped))).toContain('clip-value-fixed');
    expect(codes(planOf('symmetric', { ...clipped, useDora: true }, 64, support))).toContain('clip-over-unscaled');
    const split = planOf('keep-init', clipped, 64, support);
    expect(codes(split)).toContain('clip-value-split');
    expect(split.exactness).toBe('approximate');
    expect(split.changes.map(({ field }) => field)).not.toContain('maxGradValue');
  });

  it('stays exact where what cannot be set is off', () => {
    const bare = { ...adamw, maxGradNorm: 0, optimizer: { ...adamw.optimizer, weightDecay: 0 } };
    expect(planOf('symmetric', bare, 64, without('weightDecay', 'maxGradNorm')).exactness).toBe('exact');
  });

  it('needs no code where the init divides by the scaling itself', () => {
    const plan = planOf('symmetric', { ...adamw, init: 'pissa' });
    expect(plan.needsInitCode).toBe(false);
    expect(plan.changes.map(({ field }) => field)).not.toContain('init');
  });

  it('gives DoRA no exact plan, and says why', () => {
    const plan = planOf('symmetric', { ...adamw, useDora: true });
    expect(plan.exactness).toBe('approximate');
    expect(plan.caveats.find(({ code }) => code === 'dora-magnitudes')?.message).toMatch(/magnitudes/);
  });

  it('refuses an optimizer it has no rule for, by its name', () => {
    const unknown = { ...adamw, optimizer: { ...adamw.optimizer, name: 'mystery', row: null } };
    expect(plansFor(unknown, 64, every)).toMatchObject({ plans: [], refusal: { code: 'optimizer-unknown' } });
    expect(plansFor(unknown, 64, every).refusal?.message).toMatch(/mystery.*nothing can be measured either/);
  });

  it('offers nothing but a measurement where the optimizer has no rule', () => {
    const lion: Recipe = {
      ...adamw,
      learningRate: 1,
      optimizer: { ...adamw.optimizer, name: 'DAdaptLion', row: 'dadapt-lion', eps: null, constants: { d0: 1e-6 } },
    };
    for (const init of ['kaiming-uniform', 'pissa', 'mica'] as const) {
      const { plans, refusal } = plansFor({ ...lion, init }, 64, every);
      expect(refusal).toBeNull();
      expect(plans).toMatchObject([{ id: 'lr-only', exactness: 'approximate', shared: null, needsInitCode: false }]);
      const [plan] = plans;
      expect(plan?.title).toMatch(/No rule/);
      expect(plan?.summary).toMatch(/no plan is exact.*alpha alone, lr \/ √k and lr \/ k/);
      expect(plan?.caveats[0]).toMatchObject({ code: 'no-rule', limits: 'approximate' });
      expect(plan?.changes.map(({ field }) => field)).toEqual(['alpha', 'learningRate']);
      expect(plan?.caveats.map(({ code }) => code)).not.toContain('keeps-reach-only');
    }
    const [plan] = plansFor(lion, 64, every).plans;
    expect(plan?.changes[1]).toMatchObject({ from: 1, written: 0.25, law: '÷ k' });
  });

  it('says of an optimizer that never moves a B at zero that nothing is learned, unless the init fills B', () => {
    const lamb: Recipe = {
      ...adamw,
      optimizer: { ...adamw.optimizer, name: 'bitsandbytes.optim.LAMB', row: 'bnb-lamb', constants: { maxUnorm: 1 } },
    };
    const codes = (recipe: Recipe): string[] => planOf('symmetric', recipe).caveats.map(({ code }) => code);
    expect(codes(lamb)).toContain('never-learns');
    expect(codes({ ...lamb, init: 'pissa' })).not.toContain('never-learns');
    expect(codes(adamw)).not.toContain('never-learns');
  });

  it('assumes AdamW where nobody names an optimizer, and says so', () => {
    const silent = { ...adamw, learningRate: null, optimizer: { ...adamw.optimizer, name: null, row: null } };
    const plan = planOf('symmetric', silent);
    expect(plan.caveats.map(({ code }) => code)).toContain('optimizer-unstated');
    expect(plan.changes.find(({ field }) => field === 'learningRate')).toMatchObject({ written: null, factor: 0.5 });
  });

  it('uses √r under rsLoRA and the number itself under the direct rule', () => {
    const rslora: Recipe = { ...adamw, scalingRule: 'rslora', scaling: 4 };
    expect(plansFor(rslora, 64, every).k).toBe(4);
    const direct: Recipe = { ...adamw, scalingRule: 'direct', alpha: 20, scaling: 20 };
    expect(plansFor(direct, 5, every).k).toBe(0.25);
  });

  it.each([0, -2, Number.NaN, 1e308])('refuses the target alpha %s', (alpha) => {
    expect(() => plansFor(adamw, alpha, every)).toThrow(RecipeError);
  });

  it('comes back to where it started when it goes there and back', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1000, noNaN: true }), (alpha) => {
        const there = planOf('symmetric', adamw, alpha);
        const exact = (plan: Plan, field: Field): number =>
          plan.changes.find((change) => change.field === field)?.exact ?? Number.NaN;
        const moved: Recipe = {
          ...adamw,
          alpha,
          scaling: alpha / 16,
          learningRate: exact(there, 'learningRate'),
          maxGradNorm: exact(there, 'maxGradNorm'),
          optimizer: { ...adamw.optimizer, eps: exact(there, 'eps'), weightDecay: exact(there, 'weightDecay') },
        };
        const back = planOf('symmetric', moved, adamw.alpha);
        expect(exact(back, 'learningRate') / 3e-4).toBeCloseTo(1, 9);
        expect(exact(back, 'weightDecay') / 0.01).toBeCloseTo(1, 9);
        expect(exact(back, 'eps') / 1e-8).toBeCloseTo(1, 9);
        expect(exact(back, 'maxGradNorm')).toBeCloseTo(1, 9);
      }),
    );
  });
});
