import type { ComparedQuantity, PartKey } from './compared';
import { fieldLabel } from '../field-names';
import type { Gauge } from '../gauge';
import { lrPower, type OptimizerRow } from '../optimizers/optimizer-row';
import type { Field } from '../plans/plan';
import { quantityName } from './quantity-words';
import { isOne } from './ratio';
import { alphaFor, RecipeError, type Recipe } from '../recipe';
import { hasUnscaled, heldNumbers, keyOf, valueOf } from '../signature';
import type { QuantityId, QuantityKey, Signature } from '../signature';

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
  /** Quantities that still differ, because A and B would need two numbers: `decay of B`. */
  left: readonly { key: QuantityKey; name: string }[];
}

/** Both recipes and their signatures. */
interface SignedPair {
  first: Recipe;
  second: Recipe;
  a: Signature;
  b: Signature;
  /** The signature of the second with another alpha. */
  sign: (second: Recipe) => Signature;
}

const UNTOUCHED = { A: 1, B: 1 };

/**
 * Changes that make the second recipe the same run as the first, best first: complete ones, then those with the fewest
 * changes. Empty if no number helps: another rank, optimizer or init.
 */
export function waysTo(pair: SignedPair, compared: readonly ComparedQuantity[]): SameRunWay[] {
  const { first, second, a } = pair;
  const isBlocked = compared.some(({ key, same }) => same !== true && ['rank', 'optimizer', 'init'].includes(key));
  // How an init we do not know moves with the scaling is not known either.
  const isSized = a.init !== null || first.init === null || first.scaling === second.scaling;
  if (!a.row || isBlocked || !isSized) return [];
  const copies = compared.flatMap(({ key, quantity, name, same, first: to, second: from }): SameChange[] =>
    same === false && !quantity ? [{ field: key as PartKey, name, from, to, factor: null }] : [],
  );
  return [byNumbers(pair, a.row), byAlpha(pair, a.row), byInit(pair, a.row)]
    .filter((way) => way !== null)
    .map((way) => ({ ...way, changes: [...way.changes, ...copies] }))
    .sort((x, y) => x.left.length - y.left.length || x.changes.length - y.changes.length);
}

/** Changes the numbers only, for any gauge between the recipes. */
function byNumbers(pair: SignedPair, row: OptimizerRow): SameRunWay | null {
  if (differs(pair, 'residual', 'start', 'sizeA')) return null;
  return wayBy('numbers', pair, row, between(pair), [], UNTOUCHED);
}

/** Takes the first's scaling, then changes what still differs. */
function byAlpha(pair: SignedPair, row: OptimizerRow): SameRunWay | null {
  const { first, second } = pair;
  if (isOne(second.scaling / first.scaling)) return null;
  try {
    const alpha = alphaFor(second.scalingRule, first.scaling, second.rank, second.multiplier);
    const moved = { ...pair, b: pair.sign({ ...second, alpha, scaling: first.scaling }) };
    if (differs(moved, 'start', 'sizeA')) return null;
    const change = { field: 'alpha', name: fieldLabel('alpha'), from: second.alpha, to: alpha, factor: null } as const;
    return wayBy('alpha', moved, row, between(moved), [change], UNTOUCHED);
  } catch (error) {
    if (error instanceof RecipeError) return null;
    throw error;
  }
}

/** Rescales the fresh factors by code to the symmetric gauge, in which A and B need the same numbers. */
function byInit(pair: SignedPair, row: OptimizerRow): SameRunWay | null {
  const { p, q } = between(pair);
  const root = Math.sqrt(p * q);
  const start = ratioOf(pair, 'start') ?? 1;
  const init = { A: p / root, B: pair.a.quantities.start ? q / (start * root) : 1 };
  if (pair.a.init?.frozen || row.frozen || differs(pair, 'residual') || (isOne(init.A) && isOne(init.B))) return null;
  const changes = [{ field: 'init', name: fieldLabel('init'), from: 1, to: init.A, factor: init.A } as const];
  return wayBy('init', pair, row, { p: root, q: root }, changes, init);
}

/** A way in the gauge A' = A/p and B' = B/q, where A, B are the first's and A', B' the second's. */
function wayBy(
  id: SameRunWay['id'],
  { first, second, a }: SignedPair,
  row: OptimizerRow,
  { p, q }: Gauge,
  begun: readonly SameChange[],
  init: SameRunWay['init'],
): SameRunWay | null {
  const { pace, reach, balance } = a.quantities;
  if (balance && !isOne(p / q)) return null;
  const left: QuantityId[] = [];
  const isMoved = !(isOne(p) && isOne(q));
  if (row.early && isMoved) left.push({ what: 'early', factor: row.early.of === 'B' ? 'B' : 'A' });
  if (hasUnscaled(first) && isMoved) left.push({ what: 'rate', factor: 'M' });
  const trained = [pace, reach].flatMap((one) => (one ? [{ ...one, c: one.factor === 'A' ? p : q }] : []));
  const on = { A: p ** lrPower(row), B: q ** lrPower(row) };
  const changes = [...begun];
  if (row.rate === 'fixed') {
    left.push(...trained.filter(({ c }) => !isOne(c ** lrPower(row))));
  } else {
    const [mine, other] = [factorRates(first), factorRates(second)];
    const trainsA = trained.some(({ factor }) => factor === 'A');
    // If B alone trains, its rate is the base rate times a ratio that stays.
    const ofB = mine.rate === null ? null : (mine.rate * mine.ratio) / (other.ratio || 1);
    changes.push(...change('learningRate', other.rate, trainsA ? mine.rate : ofB, trainsA ? on.A : on.B));
    if (trained.length > 1) changes.push(...change('loraplusLrRatio', other.ratio, mine.ratio, on.B / on.A));
  }
  for (const { field, what, power, of } of heldNumbers(row)) {
    const value = of(first);
    const [lead, follower] = trained.map(({ factor, c }) => ({ factor: factor ?? 'A', by: c ** power }));
    if (value !== 0 && lead && follower && !isOne(follower.by / lead.by)) left.push({ what, factor: follower.factor });
    changes.push(...change(field, of(second), value, lead?.by ?? 1));
  }
  return { id, changes, init, left: left.map((one) => ({ key: keyOf(one), name: quantityName(one) })) };
}

/** The rate of A, and the ratio of B's rate to it. */
export function factorRates(recipe: Recipe): { rate: number | null; ratio: number } {
  const { learningRate, lrA, lrB, loraplusLrRatio } = recipe;
  const rate = lrA ?? learningRate;
  return { rate, ratio: lrB !== null && rate ? lrB / rate : (loraplusLrRatio ?? 1) };
}

/** The change from `from` to the first's number times `factor`; empty if they agree. */
function change(field: Field, from: number | null, first: number | null, factor: number): SameChange[] {
  const name = fieldLabel(field);
  if (first === null) return from === null && isOne(factor) ? [] : [{ field, name, from, to: null, factor }];
  const to = first * factor;
  const isThere = from !== null && (from === to || (from !== 0 && isOne(to / from)));
  return isThere ? [] : [{ field, name, from, to, factor }];
}

const between = ({ a, b }: SignedPair): Gauge => ({ p: a.gauge.p / b.gauge.p, q: a.gauge.q / b.gauge.q });

function ratioOf({ a, b }: SignedPair, key: QuantityKey): number | null {
  const [mine, other] = [a, b].map(({ quantities }) => quantities[key] && valueOf(quantities[key]));
  return mine && other ? other / mine : null;
}

const differs = (pair: SignedPair, ...keys: readonly QuantityKey[]): boolean =>
  keys.some((key) => !isOne(ratioOf(pair, key) ?? 1));
