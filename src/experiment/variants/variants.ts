import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { Plan, Plans, Change, Field } from '../../recipe/plans/plan';
import { type Recipe, statedConstant } from '../../recipe/recipe';
import { controlsOf } from './draws';
import { movedBy, sameNumbers, UNMOVED, type Numbers, numbersOf, type FactorFactors, type Factors } from './numbers';
import { proofsOf } from './proof';
import type { TriedRate, VariantSpec } from '../spec';
import { rescale } from '../../recipe/gauge';
import { initFacts } from '../../recipe/init/facts';

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

/** The recipe's numbers, without clipping if the toy trains a factor that the run freezes. */
function baseNumbers(recipe: Recipe, row: OptimizerRow, chosen: Plan): Numbers {
  const numbers = numbersOf(recipe, row);
  const sharesRateOfB = recipe.loraplusLrRatio !== null && chosen.magnitudes === 'B';
  return {
    ...numbers,
    ...(recipe.useDora && sharesRateOfB ? { m: numbers.b } : {}),
    ...(trainsOnlyA(recipe) ? { maxGradValue: null, maxGradNorm: null } : {}),
  };
}

/** Factors on a variant's numbers. @param of the factor on a field, of one LoRA factor or of all */
function factorsBy(
  plan: Plan,
  recipe: Recipe,
  row: OptimizerRow,
  of: (field: Field, side?: 'A' | 'B') => number,
): Factors {
  const factor = (side: 'A' | 'B', ratio: number): FactorFactors => ({
    lr: of('learningRate', side) * ratio,
    weightDecay: of('weightDecay', side),
    constants: Object.fromEntries(row.constants.map(({ constant }) => [constant, of(constant, side)])),
  });
  const [a, b] = [factor('A', 1), factor('B', of('loraplusLrRatio'))];
  return {
    a,
    b: trainsOnlyA(recipe) ? UNMOVED.b : b,
    m: plan.magnitudes === 'A' ? a : b,
    maxGradNorm: of('maxGradNorm'),
    maxGradValue: of('maxGradValue'),
  };
}

/** The factors of a plan. A number that nobody states has its default in the toy, so it follows the rule. */
function factorsOfPlan(plan: Plan, recipe: Recipe, row: OptimizerRow, k: number): Factors {
  const rule = row.noRule || plan.id === 'lr-only' ? null : rescale(row, k, plan.gauge);
  const unstated = (field: Field, side: 'A' | 'B'): number | undefined => {
    const moves = side === 'A' ? rule?.a : rule?.b;
    if (field === 'weightDecay') return recipe.optimizer.weightDecay === null ? moves?.weightDecay : undefined;
    const constant = row.constants.find((each) => each.constant === field)?.constant;
    return constant && statedConstant(recipe.optimizer, constant) === null ? moves?.constants[constant] : undefined;
  };
  return factorsBy(plan, recipe, row, (field, side) => {
    if (field === 'weightDecay' && plan.dropsDecay) return 0;
    return changeOf(plan, field, side)?.factor ?? (side && unstated(field, side)) ?? 1;
  });
}

/** The chosen plan with its numbers as written in the file; empty if rounding changes none. */
function asWritten(exact: VariantSpec, plan: Plan, recipe: Recipe, row: OptimizerRow): VariantSpec[] {
  const rounding = (field: Field): number => {
    const change = changeOf(plan, field);
    return change?.written && change.exact ? change.written / change.exact : 1;
  };
  const written = movedBy(exact, factorsBy(plan, recipe, row, rounding));
  const rate = changeOf(plan, 'learningRate')?.written;
  // A quotient times its divisor can be off by one bit; use the file's number itself.
  if (rate && recipe.lrA === null) written.a.lr = rate;
  const isOneRate =
    recipe.lrA === null && recipe.lrB === null && recipe.loraplusLrRatio === null && !trainsOnlyA(recipe);
  if (rate && isOneRate && !changeOf(plan, 'loraplusLrRatio')) written.b.lr = rate;
  const scaling = exact.scaling * rounding('alpha');
  if (scaling === exact.scaling && sameNumbers(exact, written)) return [];
  return [{ ...exact, ...written, scaling, name: 'as-written', role: 'as-written' }];
}

/** Whether the run freezes B. The toy trains B anyway, in a gauge that changes none of its numbers. */
function trainsOnlyA(recipe: Recipe): boolean {
  return initFacts(recipe).trains === 'A';
}

function changeOf(plan: Plan, field: Field, factor?: 'A' | 'B'): Change | undefined {
  return plan.changes.find(({ field: own, of }) => own === field && (of === undefined || of === factor));
}
