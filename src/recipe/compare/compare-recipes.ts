import { comparedParts, SIDE_NAMES, type ComparedQuantity, type SideNames } from './compared';
import { meaningOf } from './meaning';
import { quantityName, reasonOf } from './quantity-words';
import { ratiosOf, sharedRow } from './ratio';
import { isAlpha, type Recipe } from '../recipe';
import { waysTo, type SameRunWay } from './same-run';
import { unsaidOf } from './surroundings';
import { signatureOf, valueOf, type QuantityKey, type Signature } from '../signature';

export interface Comparison {
  /** Whether both are the same run, provided that everything unstated is equal; null if unknown. */
  same: boolean | null;
  /** The result in one or two sentences. */
  meaning: string;
  signatures: readonly [first: Signature, second: Signature];
  compared: readonly ComparedQuantity[];
  /** What counts as equal, because not both recipes state it. */
  unsaid: string;
  /** Changes that would make the second the same run as the first, shortest first. */
  ways: readonly SameRunWay[];
}

export interface CompareKnowing {
  /** Factors that code applies to the fresh A and B of each. */
  init?: readonly [first: { A: number; B: number }, second: { A: number; B: number }];
  /** How sentences call both recipes: file names, for example. */
  names?: SideNames;
}

/**
 * Compares two recipes: whether they are the same run, and how they differ.
 * @throws RecipeError if a number of either recipe could not be trained with
 */
export function compare(first: Recipe, second: Recipe, options: CompareKnowing = {}): Comparison {
  const sign = signer(first, second, options);
  const [a, b] = [sign(first, 0), sign(second, 1)];
  const { names = SIDE_NAMES } = options;
  const ratios = ratiosOf(first, second, [a, b]);
  const quantities = Object.entries(ratios).map(([key, difference]): ComparedQuantity => {
    const [mine, other] = [a, b].map(({ quantities }) => quantities[key as QuantityKey]);
    const { same, quantity, ratio } = difference;
    return {
      key: key as QuantityKey,
      quantity,
      name: quantityName(quantity),
      first: mine ? valueOf(mine) : null,
      second: other ? valueOf(other) : null,
      ratio,
      same,
      why: same === true ? '' : reasonOf(difference, ratios, a.row, names),
    };
  });
  const compared = [...comparedParts(first, second, names), ...quantities];
  const same = verdictOf(compared);
  const pair = { first, second, a, b, sign: (other: Recipe) => sign(other, 1) };
  const isAlphaAlone = (k: number): boolean => {
    const moved = { ...first, alpha: first.alpha * k, scaling: first.scaling * k };
    return isAlpha(moved.alpha) && verdictOf(Object.values(ratiosOf(moved, second, [sign(moved, 0), b]))) === true;
  };
  const meaning = meaningOf({ first, second, same, compared, signature: a, names, isAlphaAlone });
  const unsaid = unsaidOf(first.around, second.around);
  return { same, meaning, signatures: [a, b], compared, unsaid, ways: same === true ? [] : waysTo(pair, compared) };
}

/**
 * Only {@link Comparison.same}, at a tenth of the cost; for lists of many recipes.
 * @throws RecipeError if a number of either recipe could not be trained with
 */
export function isSameRun(first: Recipe, second: Recipe): boolean | null {
  const parts = verdictOf(comparedParts(first, second));
  if (parts === false) return false;
  const sign = signer(first, second, {});
  const ratios = verdictOf(Object.values(ratiosOf(first, second, [sign(first, 0), sign(second, 1)])));
  return ratios === false ? false : parts && ratios;
}

/** Makes both signatures under the optimizer row that both recipes share. */
function signer(first: Recipe, second: Recipe, { init }: CompareKnowing): (recipe: Recipe, index: 0 | 1) => Signature {
  const row = sharedRow(first.optimizer, second.optimizer);
  return (recipe, index) => signatureOf(recipe, { ...(row && { row }), ...(init && { init: init[index] }) });
}

function verdictOf(compared: readonly Pick<ComparedQuantity, 'same'>[]): boolean | null {
  if (compared.some(({ same }) => same === false)) return false;
  return compared.some(({ same }) => same === null) ? null : true;
}
