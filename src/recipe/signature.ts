import { checkPositive, checkRecipe, constantIn, decayIn, type Recipe, statedConstant } from './recipe';
import type { Gauge } from './gauge';
import { initRow, type InitRow } from './init/init-rows';
import { lrPower, type OptimizerRow } from './optimizers/optimizer-row';
import type { ConstantId } from './optimizers/constants';
import { optimizerRow } from './optimizers/optimizers';
import type { Field } from './plans/plan';

/** The trained parameters: A, B, and M for all without a scaling (DoRA's magnitudes, whole modules). */
export type FactorId = 'A' | 'B' | 'M';

/** What a signature has one of, at most. */
const ONCE = ['pace', 'reach', 'start', 'sizeA', 'balance', 'residual', 'scaling'] as const;
type Once = (typeof ONCE)[number];

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
 * The rates have n = e − d − 1: the pace of A is lr_A·σ_A^(e−d−1), the reach of B is lr_B·(s·σ_A)^(d+1−e). Max grad norm
 * and max grad value have n = 1 on both at once, so each is a pair of numbers too, and only gauges with p = q leave both
 * alone. Where B does not start at zero, its size s·σ_A·σ_B is part of the run, and where the init takes s·B·A away from
 * the frozen weights, so is the s it ran with. Where A starts at zero, B takes A's part. An optimizer that freezes A
 * leaves its size as it is. One whose state A and B share has gauges with p = q only; they leave s·σ_A² alone.
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
  quantities: Readonly<Partial<Record<QuantityKey, Quantity>>>;
}

/**
 * The signature of a recipe.
 * @param options the row to use if the recipe names none, and further factors that code applies to the fresh A and B
 * @throws RecipeError if a number of the recipe could not be trained with
 */
export function signatureOf(
  recipe: Recipe,
  options: { row?: OptimizerRow; init?: { A: number; B: number } } = {},
): Signature {
  checkRecipe(recipe);
  const [own, more] = [recipe.initFactors ?? { A: 1, B: 1 }, options.init ?? { A: 1, B: 1 }];
  const factors = { A: own.A * more.A, B: own.B * more.B };
  checkPositive('init', factors.A);
  checkPositive('init', factors.B);
  const { rank, scaling, optimizer } = recipe;
  const known = options.row ?? optimizerRow(optimizer.row);
  const row = known && !known.noRule ? known : null;
  const init = initRow(recipe.init) ?? null;
  // The gauge with s = 1 and σ = 1 of the factor that does not start at zero.
  const lead = leadOf(init);
  const size = init?.[lead] ?? { factor: 'layer' };
  const unit = size.factor === 'layer' ? 1 : size.factor * rank ** (size.rank ?? 0);
  const led = unit * scaling ** (size.scaling ?? 0) * factors[lead];
  const other = 1 / (scaling * led);
  const gauge = lead === 'A' ? { p: led, q: other } : { p: other, q: led };
  const list = row ? gauged(recipe, row, init, gauge, factors) : ownNumbers(recipe, known, factors);
  const quantities = Object.fromEntries(list.map((one) => [keyOf(one), one]));
  return { rank, row, init, isRelative: size.factor === 'layer', gauge, quantities };
}

/** The name of a quantity in the record of a signature. */
export const keyOf = ({ what, factor }: QuantityId): QuantityKey =>
  ONCE.find((once) => once === what) ?? (`${what}${factor}` as QuantityKey);

/** A quantity's value in the gauge of the signature, or null if not stated. */
export const valueOf = ({ stated, scale }: Quantity): number | null => (stated === null ? null : stated * scale);

/** The factor that starts at random. */
export const leadOf = (init: InitRow | null): 'A' | 'B' => (init?.A.factor === 0 ? 'B' : 'A');

/** A number with a unit beside the learning rate. */
interface HeldNumber {
  field: Field;
  what: PerFactor;
  /** Power of c by which it moves. */
  power: number;
  of: (recipe: Recipe) => number | null;
}

/** The numbers with a unit beside the learning rate, under an optimizer. */
export function heldNumbers(row: OptimizerRow): HeldNumber[] {
  const decay = ({ optimizer }: Recipe): number | null => decayIn(optimizer, row);
  return [
    ...(row.decay === 'none'
      ? []
      : [{ field: 'weightDecay', what: 'decay', power: row.decayPower, of: decay } as const]),
    ...row.constants.map((moving): HeldNumber => {
      const { constant, power } = moving;
      return { field: constant, what: constant, power, of: ({ optimizer }) => constantIn(optimizer, moving) };
    }),
    { field: 'maxGradNorm', what: 'clip', power: 1, of: ({ maxGradNorm }) => maxGradNorm },
    { field: 'maxGradValue', what: 'clipValue', power: 1, of: ({ maxGradValue }) => maxGradValue ?? 0 },
  ];
}

function gauged(
  recipe: Recipe,
  row: OptimizerRow,
  init: InitRow | null,
  { p, q }: Gauge,
  factors: { A: number; B: number },
): Quantity[] {
  const { scaling, lrA, lrB, loraplusLrRatio } = recipe;
  const lead = leadOf(init);
  const isTrained = (factor: FactorId): boolean => init?.frozen !== factor && row.frozen !== factor;
  const ofA = { stated: lrA ?? (row.rate === 'fixed' ? 1 : recipe.learningRate), scale: 1 };
  const ofB = lrB === null ? { ...ofA, scale: loraplusLrRatio ?? 1 } : { stated: lrB, scale: 1 };
  const trained = [
    { factor: 'A', c: p, rate: ofA } as const,
    { factor: 'B', c: q, rate: ofB } as const,
    ...(hasUnscaled(recipe) ? [{ factor: 'M', c: 1, rate: ofA } as const] : []),
  ].filter(({ factor }) => isTrained(factor));
  const held = heldNumbers(row);
  const list = trained.flatMap(({ factor, c, rate }): Quantity[] => {
    const what = factor === 'M' ? 'rate' : factor === lead ? 'pace' : 'reach';
    const numbers = held.map(({ what, power, of }): Quantity => {
      return { what, factor, stated: of(recipe), scale: c ** power };
    });
    const { early } = row;
    const hasEarly = early && factor !== 'M' && (early.of === 'both' || factor === 'B');
    return [
      { what, factor, stated: rate.stated, scale: rate.scale * c ** lrPower(row) },
      ...numbers.filter(({ what, stated }) => what !== 'clipValue' || stated),
      ...(hasEarly ? [{ what: 'early', factor, stated: 1, scale: c ** early.power } as const] : []),
    ];
  });
  const once = (what: Once, scale: number, factor: FactorId | null = null): number =>
    list.push({ what, factor, stated: 1, scale });
  const follower = lead === 'A' ? 'B' : 'A';
  if (init && init[follower].factor !== 0) {
    const size = factors[follower] * scaling ** (init[follower].scaling ?? 0);
    once('start', size / (follower === 'B' ? q : p), follower);
  }
  if (init?.subtracts) {
    once('residual', scaling ** (1 + (init.A.scaling ?? 0) + (init.B.scaling ?? 0)));
  }
  if (row.frozen === 'A') once('sizeA', p);
  if (row.gauges === 'symmetric' && isTrained('A') && isTrained('B')) once('balance', p / q);
  return list;
}

/** Without a rule: the recipe's numbers. Equal numbers are still the same run. */
function ownNumbers(recipe: Recipe, row: OptimizerRow | undefined, { A, B }: { A: number; B: number }): Quantity[] {
  const { optimizer, lrB, maxGradValue } = recipe;
  const lr = recipe.lrA ?? recipe.learningRate;
  const own = (what: PerFactor, stated: number | null): Quantity => ({ what, factor: 'A', stated, scale: 1 });
  return [
    { what: 'scaling', factor: null, stated: recipe.scaling * A * B, scale: 1 },
    { what: 'start', factor: 'A', stated: A, scale: 1 },
    own('rate', lr),
    { what: 'rate', factor: 'B', stated: lrB ?? lr, scale: lrB === null ? (recipe.loraplusLrRatio ?? 1) : 1 },
    own('decay', optimizer.weightDecay),
    own('eps', optimizer.eps),
    own('clip', recipe.maxGradNorm),
    ...(maxGradValue ? [own('clipValue', maxGradValue)] : []),
    ...(row?.constants ?? []).map(({ constant, default: usual }) =>
      own(constant, statedConstant(optimizer, constant) ?? usual),
    ),
  ];
}

/** Whether parameters without a scaling train at the learning rate. */
export const hasUnscaled = ({ useDora, unscaled }: Recipe): boolean => useDora || (unscaled ?? []).length > 0;
