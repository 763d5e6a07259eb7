import type { OptimizerRow } from '../optimizers/optimizer-row';
import { optimizerRow, rowFor } from '../optimizers/optimizers';
import { isNamed, type OptimizerSettings, type Recipe } from '../recipe';
import type { Quantity, QuantityId, QuantityKey, Signature } from '../signature';

/**
 * Numbers with a smaller relative difference count as equal. A number with six digits is off by up to 5e-6, and each
 * side is a product of up to two such numbers.
 */
export const TOLERANCE = 2e-5;

/** Whether a ratio is 1 up to the rounding of written numbers. */
export const isOne = (ratio: number): boolean => Math.abs(ratio - 1) <= TOLERANCE;

/** How a quantity of the second recipe compares with that of the first. */
export interface Ratio {
  quantity: QuantityId;
  /** Second divided by first, or null. */
  ratio: number | null;
  /** Null: unknown. */
  same: boolean | null;
  /** Why there is no ratio, if there is none. */
  lacks?: 'first' | 'second' | 'both' | 'init' | 'rule' | 'zero';
}

export type Ratios = Readonly<Partial<Record<QuantityKey, Ratio>>>;

/** The ratios of all quantities in both signatures; none if the optimizers differ. */
export function ratiosOf(first: Recipe, second: Recipe, [a, b]: readonly [Signature, Signature]): Ratios {
  const ratios: Partial<Record<QuantityKey, Ratio>> = {};
  if (a.row?.id !== b.row?.id) return ratios;
  const areSizesKnown = sizesCompare(first, second, [a, b]);
  for (const key of Object.keys({ ...a.quantities, ...b.quantities }) as QuantityKey[]) {
    const mine = a.quantities[key] ?? offLike(b.quantities[key]);
    const other = b.quantities[key] ?? offLike(a.quantities[key]);
    if (!mine || !other) continue;
    const isComparable = areSizesKnown || mine.factor === 'M' || !a.row;
    const ratio = isComparable ? ratioOf(mine, other) : ({ ratio: null, same: null, lacks: 'init' } as const);
    ratios[key] = { quantity: mine, ...ratio };
  }
  // Without a rule, other numbers may or may not compensate for another scaling.
  if (ratios.scaling?.same === false) {
    for (const key of Object.keys(ratios) as QuantityKey[]) {
      if (ratios[key]?.same === false) ratios[key] = { ...ratios[key], same: null, lacks: 'rule' };
    }
  }
  return ratios;
}

/** Clipping by value is in a signature only if it is on; a missing one counts as off. */
const offLike = (on: Quantity | undefined): Quantity | undefined =>
  on?.what === 'clipValue' ? { ...on, stated: 0 } : undefined;

/** Whether both init sizes have the same unit: the same init, or two numeric sizes. */
function sizesCompare(first: Recipe, second: Recipe, [a, b]: readonly [Signature, Signature]): boolean {
  if (a.init && b.init) {
    const isSame = (a.init.sameAs ?? a.init.id) === (b.init.sameAs ?? b.init.id);
    return a.isRelative === b.isRelative && (isSame || !a.isRelative);
  }
  // It is unknown how an unknown init depends on the scaling.
  return first.init === second.init && (first.init === null || first.scaling === second.scaling);
}

/** What may be off where it is not stated, and then has no unit. */
const MAY_BE_OFF: ReadonlySet<QuantityId['what']> = new Set(['decay', 'clip', 'clipValue']);

function ratioOf(mine: Quantity, other: Quantity): Omit<Ratio, 'quantity'> {
  const scale = other.scale / mine.scale;
  if (mine.stated === null && other.stated === null) {
    if (isOne(scale)) return { ratio: 1, same: true };
    return MAY_BE_OFF.has(mine.what) ? { ratio: null, same: null, lacks: 'both' } : { ratio: scale, same: false };
  }
  if (mine.stated === null) return { ratio: null, same: null, lacks: 'first' };
  if (other.stated === null) return { ratio: null, same: null, lacks: 'second' };
  if (mine.stated === 0 && other.stated === 0) return { ratio: 1, same: true };
  if (mine.stated === 0 || other.stated === 0) return { ratio: null, same: false, lacks: 'zero' };
  const ratio = (other.stated / mine.stated) * scale;
  return { ratio, same: isOne(ratio) };
}

/** Optimizers that differ only in weight decay. */
const DECAY_TWINS: readonly (readonly [coupled: string, decoupled: string])[] = [
  ['adam', 'adamw'],
  ['sgd', 'sgdw'],
];

/** The row under which both recipes are comparable, or undefined. */
export function sharedRow(first: OptimizerSettings, second: OptimizerSettings): OptimizerRow | undefined {
  const isSilent = (optimizer: OptimizerSettings): boolean => !isNamed(optimizer);
  if (isSilent(first) && isSilent(second)) return rowFor(first);
  if (isSilent(first)) return optimizerRow(second.row);
  if (isSilent(second) || first.row === second.row) return optimizerRow(first.row);
  if (first.weightDecay !== 0 || second.weightDecay !== 0) return undefined;
  const isOneOf = (pair: readonly string[]): boolean => [first, second].every(({ row }) => pair.includes(row ?? ''));
  return optimizerRow(DECAY_TWINS.find(isOneOf)?.[1] ?? null);
}
