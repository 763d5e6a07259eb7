import * as l10n from '@vscode/l10n';

import { comparedParts, SIDE_NAMES, type ComparedQuantity, type SideNames } from './compared';
import { meaningOf } from './meaning';
import { quantityName, reasonOf } from './quantity-words';
import { ratiosOf, sharedRow } from './ratio';
import type { Recipe } from '../recipe';
import { waysTo, type SameRunWay } from './same-run';
import { signatureOf, valueOf, type QuantityKey, type Signature } from '../signature';

export interface Comparison {
  /** Whether both are the same run, provided that everything unstated is equal; null if unknown. */
  same: boolean | null;
  /** The result in one or two sentences. */
  meaning: string;
  signatures: readonly [first: Signature, second: Signature];
  compared: readonly ComparedQuantity[];
  /** Changes that would make the second the same run as the first, shortest first. */
  ways: readonly SameRunWay[];
}

export interface CompareKnowing {
  /** Factors that code applies to the fresh A and B of each. */
  init?: readonly [first: { A: number; B: number }, second: { A: number; B: number }];
  /** How sentences call both recipes: file names, for example. */
  names?: SideNames;
}

/** What no config states, and so counts as equal. */
export const UNSAID = l10n.t('the model, the data and their order, the batch size, the number of steps and the seed');

/**
 * Compares two recipes: whether they are the same run, and how they differ.
 * @throws RecipeError if a number of either recipe could not be trained with
 */
export function compare(first: Recipe, second: Recipe, options: CompareKnowing = {}): Comparison {
  const sign = signer(first, second, options);
  const signatures = [sign(first, 0), sign(second, 1)] as const;
  const { names = SIDE_NAMES } = options;
  const parts = comparedParts(first, second, names);
  const ratios = ratiosOf(first, second, signatures);
  const quantities = Object.entries(ratios).map(([key, ratio]): ComparedQuantity => {
    const [mine, other] = signatures.map(({ quantities }) => quantities[key as QuantityKey]);
    const values = { first: mine ? valueOf(mine) : null, second: other ? valueOf(other) : null };
    const { same, quantity } = ratio;
    const why = same === true ? '' : reasonOf(ratio, ratios, signatures[0].row, names);
    return {
      key: key as QuantityKey,
      quantity,
      name: quantityName(quantity),
      ...values,
      ratio: ratio.ratio,
      same,
      why,
    };
  });
  const compared = [...parts, ...quantities];
  const same = verdictOf(compared);
  const [a, b] = signatures;
  const pair = { first, second, a, b, sign: (other: Recipe) => sign(other, 1) };
  const ways = same === true ? [] : waysTo(pair, compared);
  const explainedBy = (moved: Recipe): boolean =>
    Object.values(ratiosOf(moved, second, [sign(moved, 0), b])).every((ratio) => ratio.same === true);
  return {
    same,
    meaning: meaningOf({ first, second, same, compared, signature: a, names, explainedBy }),
    signatures,
    compared,
    ways,
  };
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
  return (recipe, index) =>
    signatureOf(recipe, {
      ...(row ? { row } : {}),
      ...(init ? { init: init[index] } : {}),
    });
}

function verdictOf(compared: readonly Pick<ComparedQuantity, 'same'>[]): boolean | null {
  if (compared.some(({ same }) => same === false)) return false;
  return compared.some(({ same }) => same === null) ? null : true;
}
