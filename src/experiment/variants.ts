import { exactGauge, rescale, type GaugeId } from '../recipe/gauge';
import type { OptimizerRow } from '../recipe/optimizers/row';
import type { Plan, Plans } from '../recipe/plans/plans';
import type { Recipe } from '../recipe/recipe';
import { movedBy, sameNumbers, UNMOVED, type Numbers } from './hyper';
import { asWritten, baseNumbers, factorsOfPlan } from './plan-numbers';
import type { VariantSpec } from './spec';

/** Names of the variants that stand in for a rule where none is known. */
export const TRIED_RATES = ['alpha-only', 'rate-by-root', 'rate-by-k'] as const;
type TriedRate = (typeof TRIED_RATES)[number];

/** Enough perturbed copies of the base to know how far rounding alone drifts. */
const CONTROLS = 6;

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
  const rescaled = planned(chosen, row.rule === 'none' ? 'planned' : 'rescaled', 'rescaled');
  const others = plans.filter(({ id }) => id !== chosen.id).map((plan) => planned(plan, plan.id, 'plan'));
  return [
    base,
    rescaled,
    ...asWritten(rescaled, chosen, recipe, row),
    ...(k === 1 ? [] : row.rule === 'none' ? tries(base, rescaled, k) : contrasts(base, [rescaled, ...others], k)),
    ...others,
    ...proofOf(base, row, chosen, rescaled, k),
    ...controlsOf(base),
  ];
}

/**
 * Without a plan, DoRA's magnitudes train with whatever B trains with: in one group with A and B, and with a LoRA+ ratio
 * in B's, where PEFT puts all vectors.
 * @see https://github.com/huggingface/peft/blob/main/src/peft/optimizers/loraplus.py
 */
export function withMagnitudes({ useDora }: Recipe, variants: readonly VariantSpec[]): VariantSpec[] {
  return variants.map((variant) => (useDora ? { ...variant, m: variant.b } : variant));
}

/** The run that all others are compared with. */
export function baseOf(scaling: number, numbers: Numbers): VariantSpec {
  const untouched = { init: { A: 1, B: 1 }, gauge: { p: 1, q: 1 }, ulpSeed: null };
  return { name: 'base', role: 'base', draw: 0, scaling, ...untouched, ...numbers };
}

/** Copies of the base with A moved by one unit in the last place. */
export function controlsOf(base: VariantSpec): VariantSpec[] {
  return Array.from({ length: CONTROLS }, (_, i) => ({
    ...base,
    name: `control-${i + 1}`,
    role: 'control',
    ulpSeed: i + 1,
  }));
}

/**
 * `base` under the exact rule at scaling × k. A clip threshold is right in the symmetric gauge, or where B alone is
 * trained; elsewhere it stays.
 */
export function twinOf(base: VariantSpec, row: OptimizerRow, k: number, gauge: GaugeId = exactGauge(row)): VariantSpec {
  const moved = rescale(row, k, gauge);
  return {
    ...base,
    ...movedBy(base, moved),
    scaling: base.scaling * k,
    init: { A: base.init.A * moved.a.init, B: base.init.B * moved.b.init },
    gauge: moved.gauge,
  };
}

/** Whether k = 4^n, where halving is all a twin asks of float32. */
export function isPowerOfFour(k: number): boolean {
  return Number.isInteger(Math.log2(k) / 2);
}

/** Where no rule is known: the rates that people try, and nothing else moved but the scaling. */
function tries(base: VariantSpec, { init, gauge }: VariantSpec, k: number): VariantSpec[] {
  const tried = (name: TriedRate, role: VariantSpec['role'], rate: number): VariantSpec => {
    const factor = { ...UNMOVED.a, lr: rate };
    const moved = movedBy(base, { ...UNMOVED, a: factor, b: factor, m: factor });
    return { ...base, ...moved, name, role, scaling: base.scaling * k, init, gauge };
  };
  return [
    tried('alpha-only', 'alpha-only', 1),
    tried('rate-by-root', 'plan', 1 / Math.sqrt(k)),
    tried('rate-by-k', 'plan', 1 / k),
  ];
}

/** What people do instead: alpha alone, and lr/k with init/√k whatever the optimizer. */
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

/**
 * The rule in the plan's own gauge at the nearest power of what halves evenly there, where it must hold to the last bit;
 * not where the plan is that run already, where a clip threshold would have to be two numbers, where DoRA's magnitudes have
 * a part in what all parameters share, or where the row says itself that no numbers make it hold.
 */
function proofOf(base: VariantSpec, row: OptimizerRow, chosen: Plan, rescaled: VariantSpec, k: number): VariantSpec[] {
  if (chosen.id === 'lr-only' || k === 1 || !hasExactClip(base, chosen) || !canBeExact(row)) return [];
  if (row.gauges === 'symmetric' && base.m) return [];
  // A decay that is multiplied by the rate would have to move along with the rate of the first steps.
  if (row.early?.of === 'both' && row.decay === 'decoupled' && base.a.weightDecay !== 0) return [];
  const even = chosen.id === 'symmetric' ? 4 : 2;
  const power = Math.log2(k) / Math.log2(even);
  const whole = Math.round(power) || (k > 1 ? 1 : -1);
  const twin = twinOf(base, row, even ** whole, chosen.id);
  return power === whole && sameNumbers(twin, rescaled) ? [] : [{ ...twin, name: 'proof', role: 'proof' }];
}

/** Whether the rule gives the same run, be it by other rates in the first steps, which no config can say. */
function canBeExact({ exactness, early }: OptimizerRow): boolean {
  return exactness === 'exact' || early !== undefined;
}

/** Whether one threshold clips alike: nothing is clipped, or all that is trained has gradients that grow alike. */
function hasExactClip({ maxGradValue, maxGradNorm, m }: VariantSpec, { shared }: Plan): boolean {
  return (maxGradValue === null && maxGradNorm === null) || (shared !== null && m === undefined);
}
