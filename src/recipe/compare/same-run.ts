import type { ComparedQuantity, PartKey } from './compared';
import { fieldLabel } from '../field-names';
import type { Gauge } from '../gauge';
import { lrPower, type OptimizerRow } from '../optimizers/optimizer-row';
import type { Field } from '../plans/plan';
import { quantityName } from './quantity-words';
import { isOne } from './ratio';
import { alphaFor, constantIn, decayIn, RecipeError, type Recipe } from '../recipe';
import { hasUnscaled, valueOf, type FactorId, type PerFactor, type QuantityKey, type Signature } from '../signature';

/** One value that must change in the second recipe. */
export interface SameChange {
  field: Field | PartKey;
  /** `target modules`, `weight decay` */
  name: string;
  from: number | string | null;
  /** The new value; null if the first recipe does not state it, and only `factor` is known. */
  to: number | string | null;
  /** Factor on the first's number; null if the first's word is used as it is. */
  factor: number | null;
}

export interface LeftQuantity {
  key: QuantityKey;
  /** `decay of B` */
  name: string;
}

/** Changes that make the second recipe the same run as the first. */
export interface SameRunWay {
  /**
   * `numbers`: scaling and init stay. `alpha`: the second takes the first's scaling. `init`: code rescales its fresh
   * factors.
   */
  id: 'numbers' | 'alpha' | 'init';
  changes: readonly SameChange[];
  /** Factors that code applies to the fresh A and B. */
  init: { A: number; B: number };
  /** Quantities that still differ, because A and B would need two numbers. */
  left: readonly LeftQuantity[];
}

/** Both recipes and their signatures. */
export interface SignedPair {
  first: Recipe;
  second: Recipe;
  a: Signature;
  b: Signature;
  /** The signature of the second with another alpha. */
  sign: (second: Recipe) => Signature;
}

/**
 * Changes that make the second recipe the same run as the first, best first: complete ones, then those with the fewest
 * changes. Empty if no number helps: another rank, optimizer or init.
 */
export function waysTo(pair: SignedPair, compared: readonly ComparedQuantity[]): SameRunWay[] {
  const { row } = pair.a;
  const isBlocked = compared.some(({ key, same }) => same !== true && ['rank', 'optimizer', 'init'].includes(key));
  if (!row || isBlocked || !isSized(pair)) return [];
  const copies = compared.flatMap(({ key, quantity, name, same, first: to, second: from }): SameChange[] =>
    same === false && !quantity ? [{ field: key as PartKey, name, from, to, factor: null }] : [],
  );
  return [byNumbers(pair, row), byAlpha(pair, row), byInit(pair, row)]
    .filter((way) => way !== null)
    .map((way) => ({ ...way, changes: [...way.changes, ...copies] }))
    .sort((x, y) => x.left.length - y.left.length || x.changes.length - y.changes.length);
}

/** How an init we do not know moves with the scaling is not known either. */
function isSized({ first, second, a }: SignedPair): boolean {
  return a.init !== null || first.init === null || first.scaling === second.scaling;
}

/** Changes the numbers only, for any gauge between the recipes. */
function byNumbers(pair: SignedPair, row: OptimizerRow): SameRunWay | null {
  const gauge = between(pair.a, pair.b);
  if (['residual', 'start', 'sizeA'].some((key) => differs(pair, key as QuantityKey))) return null;
  return wayBy('numbers', pair, row, gauge, [], { A: 1, B: 1 });
}

/** Takes the first's scaling, then changes what still differs. */
function byAlpha(pair: SignedPair, row: OptimizerRow): SameRunWay | null {
  const { first, second } = pair;
  if (isOne(second.scaling / first.scaling)) return null;
  try {
    const alpha = alphaFor(second.scalingRule, first.scaling, second.rank, second.multiplier);
    const moved = { ...second, alpha, scaling: first.scaling };
    const b = pair.sign(moved);
    const change: SameChange = {
      field: 'alpha',
      name: fieldLabel('alpha'),
      from: second.alpha,
      to: alpha,
      factor: null,
    };
    return differs({ ...pair, b }, 'start') || differs({ ...pair, b }, 'sizeA')
      ? null
      : wayBy('alpha', { ...pair, b }, row, between(pair.a, b), [change], { A: 1, B: 1 });
  } catch (error) {
    if (error instanceof RecipeError) return null;
    throw error;
  }
}

/** Rescales the fresh factors by code to the symmetric gauge, in which A and B need the same numbers. */
function byInit(pair: SignedPair, row: OptimizerRow): SameRunWay | null {
  const { p, q } = between(pair.a, pair.b);
  const root = Math.sqrt(p * q);
  const start = ratioOf(pair, 'start') ?? 1;
  const init = { A: p / root, B: pair.a.quantities.start ? q / (start * root) : 1 };
  if (pair.a.init?.frozen || row.frozen || differs(pair, 'residual') || (isOne(init.A) && isOne(init.B))) return null;
  const changes = [{ field: 'init', name: fieldLabel('init'), from: 1, to: init.A, factor: init.A } as const];
  return wayBy('init', pair, row, { p: root, q: root }, changes, init);
}

function wayBy(
  id: SameRunWay['id'],
  pair: SignedPair,
  row: OptimizerRow,
  { p, q }: Gauge,
  changes: readonly SameChange[],
  init: SameRunWay['init'],
): SameRunWay | null {
  if (pair.a.quantities.balance && !isOne(p / q)) return null;
  const left: LeftQuantity[] = [];
  const isMoved = !(isOne(p) && isOne(q));
  if (row.early && isMoved) left.push(leftOf('early', row.early.of === 'B' ? 'B' : 'A'));
  if (hasUnscaled(pair.first) && isMoved) left.push(leftOf('rate', 'M'));
  const moves = [...rateChanges(pair, row, { p, q }, left), ...numberChanges(pair, row, { p, q }, left)];
  return { id, changes: [...changes, ...moves], init, left };
}

function leftOf(what: PerFactor, factor: FactorId): LeftQuantity {
  return { key: `${what}${factor}`, name: quantityName({ what, factor }) };
}

/** A' = A/p and B' = B/q, where A, B are the first's and A', B' the second's. */
function between(a: Signature, b: Signature): Gauge {
  return { p: a.gauge.p / b.gauge.p, q: a.gauge.q / b.gauge.q };
}

/** The trained factors of the layer. */
function trained({ a }: SignedPair): FactorId[] {
  return [a.quantities.pace?.factor, a.quantities.reach?.factor].filter((factor) => factor === 'A' || factor === 'B');
}

function rateChanges(pair: SignedPair, row: OptimizerRow, { p, q }: Gauge, left: LeftQuantity[]): SameChange[] {
  const [mine, other] = [factorRates(pair.first), factorRates(pair.second)];
  const factors = trained(pair);
  const on = { A: p ** lrPower(row), B: q ** lrPower(row) };
  if (row.rate === 'fixed') {
    for (const factor of factors) {
      if (factor === 'M' || isOne(on[factor])) continue;
      const key = pair.a.quantities.pace?.factor === factor ? 'pace' : 'reach';
      left.push({ key, name: quantityName({ what: key, factor }) });
    }
    return [];
  }
  const base = factors.includes('A') ? on.A : on.B;
  // If B alone trains, its rate is the base rate times a ratio that stays.
  const ofB = mine.rate === null ? null : (mine.rate * mine.ratio) / (other.ratio || 1);
  const changes = change('learningRate', other.rate, factors.includes('A') ? mine.rate : ofB, base);
  if (factors.length < 2) return changes;
  return [...changes, ...change('loraplusLrRatio', other.ratio, mine.ratio, on.B / on.A)];
}

/** The rate of A, and the ratio of B's rate to it. */
export function factorRates({ learningRate, lrA, lrB, loraplusLrRatio }: Recipe): {
  rate: number | null;
  ratio: number;
} {
  const rate = lrA ?? learningRate;
  const ratio = lrB !== null && rate ? lrB / rate : (loraplusLrRatio ?? 1);
  return { rate, ratio };
}

function numberChanges(pair: SignedPair, row: OptimizerRow, { p, q }: Gauge, left: LeftQuantity[]): SameChange[] {
  const { first, second } = pair;
  const decay = ({ optimizer }: Recipe): number | null => decayIn(optimizer, row);
  const numbers: { field: Field; what: PerFactor; power: number; of: (recipe: Recipe) => number | null }[] = [
    ...(row.decay === 'none'
      ? []
      : [{ field: 'weightDecay' as const, what: 'decay' as const, power: row.decayPower, of: decay }]),
    ...row.constants.map((moving) => ({
      field: moving.constant,
      what: moving.constant,
      power: moving.power,
      of: ({ optimizer }: Recipe) => constantIn(optimizer, moving),
    })),
    { field: 'maxGradNorm', what: 'clip', power: 1, of: ({ maxGradNorm }) => maxGradNorm },
    { field: 'maxGradValue', what: 'clipValue', power: 1, of: ({ maxGradValue }) => maxGradValue ?? 0 },
  ];
  return numbers.flatMap(({ field, what, power, of }) => {
    const value = of(first);
    const factors = trained(pair).map((factor) => [factor, (factor === 'A' ? p : q) ** power] as const);
    const [lead, follower] = factors;
    if (value !== 0 && lead && follower && !isOne(follower[1] / lead[1])) left.push(leftOf(what, follower[0]));
    return change(field, of(second), value, lead?.[1] ?? 1);
  });
}

/** The change from `from` to the first's number times `factor`; empty if they agree. */
function change(field: Field, from: number | null, first: number | null, factor: number): SameChange[] {
  const name = fieldLabel(field);
  if (first === null) return from === null && isOne(factor) ? [] : [{ field, name, from, to: null, factor }];
  const to = first * factor;
  const isThere = from !== null && (from === to || (from !== 0 && isOne(to / from)));
  return isThere ? [] : [{ field, name, from, to, factor }];
}

function ratioOf({ a, b }: SignedPair, key: QuantityKey): number | null {
  const values = [a, b].map(({ quantities }) => quantities[key] && valueOf(quantities[key]));
  const [mine, other] = values;
  return mine && other ? other / mine : null;
}

function differs(pair: SignedPair, key: QuantityKey): boolean {
  const ratio = ratioOf(pair, key);
  return ratio !== null && !isOne(ratio);
}
