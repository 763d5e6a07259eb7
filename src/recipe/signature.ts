import { checkPositive, checkRecipe, constantIn, decayIn, type Recipe, statedConstant } from './recipe';
import type { Gauge } from './gauge';
import { initRow, type InitRow } from './init/init-rows';
import { lrPower, type OptimizerRow } from './optimizers/optimizer-row';
import type { ConstantId } from './optimizers/constants';
import { optimizerRow } from './optimizers/optimizers';

/** The trained parameters: A, B, and M for all without a scaling (DoRA's magnitudes, whole modules). */
export type FactorId = 'A' | 'B' | 'M';

/** What a signature has one of, at most. */
type Once = 'pace' | 'reach' | 'start' | 'sizeA' | 'balance' | 'residual' | 'scaling';

/** What it has for each factor that it is used on. */
export type PerFactor = 'rate' | 'decay' | 'clip' | 'clipValue' | 'early' | ConstantId;

/** Which number of a signature it is. */
export type QuantityId = { what: Once; factor: FactorId | null } | { what: PerFactor; factor: FactorId };

/** Its name in a record: `pace`, `decayA`, `epsB`. */
export type QuantityKey = Once | `${PerFactor}${FactorId}`;

/** A number of the recipe, and its factor in the gauge of the signature. */
export type Quantity = QuantityId & {
  /** The recipe's value; null if not stated, and then only ratios are known. */
  stated: number | null;
  scale: number;
};

/**
 * What decides a run whatever its gauge: two recipes of the same rank, optimizer and init are the same run exactly when
 * these agree.
 *
 * A gauge (p, q) starts from A/p and B/q at the scaling s·p·q. Among all gauges of one run there is exactly one with
 * s = 1 and σ_A = 1: p = σ_A and q = 1/(s·σ_A). The signature is the recipe in that gauge. A number that moves by c^n
 * (c = p for A, q for B; n from the optimizer's row) therefore becomes
 *
 *     on A   number · σ_A^n              on B   number · (s·σ_A)^−n
 *
 * The rates have n = e − d − 1: the pace of A is lr_A·σ_A^(e−d−1), the reach of B is lr_B·(s·σ_A)^(d+1−e). Decay and
 * constants take n from the row. Max grad norm and max grad value have n = 1 on both at once, so each
 * is a pair of numbers too, and only gauges with p = q leave both alone. Where B does not start at zero, its size s·σ_A·σ_B is part of the run, and
 * where the init takes s·B·A away from the frozen weights, so is the s it ran with. Where A starts at zero, B takes A's
 * part. An optimizer that freezes A leaves its size as it is. One whose state A and B share has gauges with p = q only; they leave s·σ_A² alone.
 */
export interface Signature {
  rank: number;
  /** The optimizer's row; null if no rule is known, and then the quantities are the recipe's numbers. */
  row: OptimizerRow | null;
  /** Null if the init is not stated or unknown. */
  init: InitRow | null;
  /** σ_A is relative to an unknown init size; false if it is a number. */
  isRelative: boolean;
  /** The gauge of the signature, which starts from A/p and B/q. */
  gauge: Gauge;
  quantities: Quantities;
}

export type Quantities = Readonly<Partial<Record<QuantityKey, Quantity>>>;

export interface SignatureOptions {
  /** The row to use if the recipe names none. */
  row?: OptimizerRow;
  /** Factors that code applies to the fresh A and B. */
  init?: { A: number; B: number };
}

/**
 * The signature of a recipe.
 * @throws RecipeError if a number of the recipe could not be trained with
 */
export function signatureOf(recipe: Recipe, options: SignatureOptions = {}): Signature {
  checkRecipe(recipe);
  const factors = options.init ?? { A: 1, B: 1 };
  checkPositive('init', factors.A, 1e18);
  checkPositive('init', factors.B, 1e18);
  const known = options.row ?? optimizerRow(recipe.optimizer.row);
  const row = known && !known.noRule ? known : null;
  const init = initRow(recipe.init) ?? null;
  const gauge = gaugeOf(recipe, init, factors);
  const { isRelative, ...split } = gauge;
  const common = { rank: recipe.rank, row, init, isRelative, gauge: split };
  if (!row) return { ...common, quantities: ownNumbers(recipe, known, factors) };
  return { ...common, quantities: gauged(recipe, row, init, gauge, factors) };
}

/** A quantity's value in the gauge of the signature, or null if not stated. */
export function valueOf({ stated, scale }: Quantity): number | null {
  return stated === null ? null : stated * scale;
}

/** The gauge with s = 1 and σ = 1 of the factor that does not start at zero. */
interface Canonical extends Gauge {
  isRelative: boolean;
}

function gaugeOf({ rank, scaling }: Recipe, init: InitRow | null, factors: { A: number; B: number }): Canonical {
  const lead = init?.A.factor === 0 ? 'B' : 'A';
  const size = init?.[lead] ?? { factor: 'layer' };
  const known = size.factor === 'layer' ? 1 : size.factor * rank ** (size.rank ?? 0);
  const sigma = known * scaling ** (size.scaling ?? 0) * factors[lead];
  const [own, other] = [sigma, 1 / (scaling * sigma)];
  return { p: lead === 'A' ? own : other, q: lead === 'A' ? other : own, isRelative: size.factor === 'layer' };
}

function gauged(
  recipe: Recipe,
  row: OptimizerRow,
  init: InitRow | null,
  { p, q }: Canonical,
  factors: { A: number; B: number },
): Quantities {
  const { optimizer, scaling } = recipe;
  const rates = ratesOf(recipe, row);
  const leads = init?.A.factor === 0 ? 'B' : 'A';
  const quantities: Partial<Record<QuantityKey, Quantity>> = {};
  const once = (what: Once, factor: FactorId | null, stated: number | null, scale: number): void => {
    quantities[what] = { what, factor, stated, scale };
  };
  const trained = [
    { factor: 'A', c: p, rate: rates.A },
    { factor: 'B', c: q, rate: rates.B },
    ...(hasUnscaled(recipe) ? [{ factor: 'M', c: 1, rate: rates.A } as const] : []),
  ] as const;
  for (const { factor, c, rate } of trained) {
    if (init?.frozen === factor || row.frozen === factor) continue;
    const of = (what: PerFactor, stated: number | null, scale: number): void => {
      quantities[`${what}${factor}`] = { what, factor, stated, scale };
    };
    const paced = rate.scale * c ** lrPower(row);
    if (factor === 'M') of('rate', rate.stated, paced);
    else once(factor === leads ? 'pace' : 'reach', factor, rate.stated, paced);
    if (row.decay !== 'none') of('decay', decayIn(optimizer, row), c ** row.decayPower);
    for (const moving of row.constants) of(moving.constant, constantIn(optimizer, moving), c ** moving.power);
    of('clip', recipe.maxGradNorm, c);
    if (recipe.maxGradValue) of('clipValue', recipe.maxGradValue, c);
    if (row.early && factor !== 'M' && (row.early.of === 'both' || factor === 'B')) {
      of('early', 1, c ** row.early.power);
    }
  }
  const follower = leads === 'A' ? 'B' : 'A';
  if (init && init[follower].factor !== 0) {
    const size = factors[follower] * scaling ** (init[follower].scaling ?? 0);
    once('start', follower, 1, size / (follower === 'B' ? q : p));
  }
  if (init?.frozenWeights === 'minus-product') {
    once('residual', null, 1, scaling ** (1 + (init.A.scaling ?? 0) + (init.B.scaling ?? 0)));
  }
  if (row.frozen === 'A') once('sizeA', null, 1, p);
  if (row.gauges === 'symmetric' && quantities.pace && quantities.reach) once('balance', null, 1, p / q);
  return quantities;
}

/** Without a rule: the recipe's numbers. Equal numbers are still the same run. */
function ownNumbers(recipe: Recipe, row: OptimizerRow | undefined, factors: { A: number; B: number }): Quantities {
  const { optimizer, scaling, maxGradNorm } = recipe;
  const lr = recipe.lrA ?? recipe.learningRate;
  const own = (what: PerFactor, stated: number | null, factor: FactorId = 'A', scale = 1): Quantity => ({
    what,
    factor,
    stated,
    scale,
  });
  const constants = Object.fromEntries(
    (row?.constants ?? []).map(({ constant, default: usual }) => [
      `${constant}A`,
      own(constant, statedConstant(optimizer, constant) ?? usual),
    ]),
  );
  return {
    scaling: { what: 'scaling', factor: null, stated: scaling * factors.A * factors.B, scale: 1 },
    start: { what: 'start', factor: 'A', stated: factors.A, scale: 1 },
    rateA: own('rate', lr),
    rateB: own('rate', recipe.lrB ?? lr, 'B', recipe.lrB === null ? (recipe.loraplusLrRatio ?? 1) : 1),
    decayA: own('decay', optimizer.weightDecay),
    epsA: own('eps', optimizer.eps),
    clipA: own('clip', maxGradNorm),
    ...(recipe.maxGradValue ? { clipValueA: own('clipValue', recipe.maxGradValue) } : {}),
    ...constants,
  };
}

function ratesOf(recipe: Recipe, row: OptimizerRow): Record<'A' | 'B', { stated: number | null; scale: number }> {
  const base = row.rate === 'fixed' ? 1 : recipe.learningRate;
  const A = { stated: recipe.lrA ?? base, scale: 1 };
  return {
    A,
    B: recipe.lrB === null ? { ...A, scale: recipe.loraplusLrRatio ?? 1 } : { stated: recipe.lrB, scale: 1 },
  };
}

/** Whether parameters without a scaling train at the learning rate. */
export function hasUnscaled({ useDora, unscaled }: Recipe): boolean {
  return useDora || (unscaled ?? []).length > 0;
}
