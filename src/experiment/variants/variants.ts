import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { Plan, Plans } from '../../recipe/plans/plan';
import type { Recipe } from '../../recipe/recipe';
import { controlsOf } from './controls';
import { movedBy, sameNumbers, UNMOVED, type Numbers } from './hyper';
import { asWritten, baseNumbers, factorsOfPlan } from './plan-numbers';
import { proofsOf } from './proof';
import type { TriedRate, VariantSpec } from '../spec';

/** The runs that train side by side to measure the plan `chosen`. */
export function variantsFor(recipe: Recipe, row: OptimizerRow, { k, plans }: Plans, chosen: Plan): VariantSpec[] {
  const numbers = baseNumbers(recipe, row, chosen);
  const base = baseOf(recipe.scaling, numbers);
  const scaling = recipe.scaling * k;
  const planned = (plan: Plan, name: string, role: VariantSpec['role']): VariantSpec => ({
    ...base,
    ...movedBy(numbers, factorsOfPlan(plan, recipe, row, k)),
    name,
    role,
    scaling,
    init: { ...plan.init },
    gauge: { ...plan.gauge },
  });
  const rescaled: VariantSpec = row.noRule
    ? { ...planned(chosen, 'planned', 'rescaled'), withoutRule: true }
    : planned(chosen, 'rescaled', 'rescaled');
  const others = plans
    .filter(({ id }) => id !== chosen.id)
    .map((plan): VariantSpec => ({ ...planned(plan, plan.id, 'plan'), plan: plan.id }));
  return [
    base,
    rescaled,
    ...asWritten(rescaled, chosen, recipe, row),
    ...(k === 1 ? [] : row.noRule ? tries(base, rescaled, k) : contrasts(base, [rescaled, ...others], k)),
    ...others,
    ...proofsOf(base, rescaled, row),
    ...controlsOf(base),
  ];
}

/**
 * Without a plan, DoRA's magnitudes train with B's numbers. A and B share one group; with a LoRA+ ratio, PEFT puts all
 * vectors into B's.
 * @see https://github.com/huggingface/peft/blob/main/src/peft/optimizers/loraplus.py
 */
export function withMagnitudes({ useDora }: Recipe, variants: readonly VariantSpec[]): VariantSpec[] {
  return variants.map((variant) => (useDora ? { ...variant, m: variant.b } : variant));
}

/** The baseline. */
export function baseOf(scaling: number, numbers: Numbers): VariantSpec {
  const untouched = { init: { A: 1, B: 1 }, gauge: { p: 1, q: 1 }, ulpSeed: null };
  return { name: 'base', role: 'base', draw: 0, scaling, ...untouched, ...numbers };
}

/** If no rule is known: the rates that people try, with no other number changed. */
function tries(base: VariantSpec, { init, gauge }: VariantSpec, k: number): VariantSpec[] {
  const tried = (name: string, role: VariantSpec['role'], triedRate: TriedRate, divisor: number): VariantSpec => {
    const factor = { ...UNMOVED.a, lr: 1 / divisor };
    const moved = movedBy(base, { ...UNMOVED, a: factor, b: factor, m: factor });
    return { ...base, ...moved, name, role, triedRate, scaling: base.scaling * k, init, gauge };
  };
  return [
    tried('alpha-only', 'alpha-only', 'one', 1),
    tried('rate-by-root', 'plan', 'root', Math.sqrt(k)),
    tried('rate-by-k', 'plan', 'k', k),
  ];
}

/** Common alternatives: alpha alone, and lr/k with init/√k for any optimizer. */
function contrasts(base: VariantSpec, plans: readonly VariantSpec[], k: number): VariantSpec[] {
  const root = Math.sqrt(k);
  const alone: VariantSpec = { ...base, name: 'alpha-only', role: 'alpha-only', scaling: base.scaling * k };
  const blog: VariantSpec = {
    ...alone,
    ...movedBy(base, { ...UNMOVED, a: { ...UNMOVED.a, lr: 1 / k }, b: { ...UNMOVED.b, lr: 1 / k } }),
    name: 'blog-rule',
    role: 'blog-rule',
    init: { A: 1 / root, B: 1 / root },
    gauge: { p: root, q: root },
  };
  const isOffered = (one: VariantSpec): boolean =>
    plans.some((plan) => plan.init.A === one.init.A && plan.init.B === one.init.B && sameNumbers(plan, one));
  return [alone, blog].filter((contrast) => !isOffered(contrast));
}
