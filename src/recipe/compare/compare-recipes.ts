import { comparedParts } from './compared-parts';
import type { ComparedQuantity } from './compared';
import { meaningOf } from './meaning';
import { reasonOf } from './words';
import { ratiosOf, sharedRow } from './ratio';
import type { Recipe } from '../recipe';
import { waysTo, type SameRunWay } from './same-run';
import { signatureOf, valueOf, type QuantityKey, type Signature, type SignatureOptions } from '../signature';

export interface Comparison {
  /** Whether both are the same run, if all that neither states is equal. Null: cannot be told. */
  same: boolean | null;
  /** What it comes to, in one or two sentences. */
  meaning: string;
  signatures: readonly [first: Signature, second: Signature];
  compared: readonly ComparedQuantity[];
  /** Changes that would make the second the same run as the first, shortest first. */
  ways: readonly SameRunWay[];
}

export interface CompareKnowing {
  /** Factors that code puts on the fresh A and B of each. */
  init?: readonly [first: { A: number; B: number }, second: { A: number; B: number }];
  /** Widths of a layer, where they are known: then inits of different kinds can be compared in size. */
  shape?: NonNullable<SignatureOptions['shape']>;
}

/** What no config says, and so is taken as the same. */
export const UNSAID = 'the model, the data and their order, the batch size, the number of steps and the seed';

/**
 * Whether two recipes are the same run, and if not, by what they differ.
 * @throws RecipeError when a number of either is none that could be trained with
 */
export function compare(first: Recipe, second: Recipe, options: CompareKnowing = {}): Comparison {
  const sign = signer(first, second, options);
  const signatures = [sign(first, 0), sign(second, 1)] as const;
  const parts = comparedParts(first, second);
  const ratios = ratiosOf(first, second, signatures);
  const quantities = Object.entries(ratios).map(([key, ratio]): ComparedQuantity => {
    const [mine, other] = signatures.map(({ quantities }) => quantities[key as QuantityKey]);
    const values = { first: mine ? valueOf(mine) : null, second: other ? valueOf(other) : null };
    const { same } = ratio;
    const why = same === true ? '' : reasonOf(key as QuantityKey, ratio, ratios, signatures[0]);
    return { key: key as QuantityKey, ...values, ratio: ratio.ratio, same, why };
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
    meaning: meaningOf({ first, second, same, compared, signature: a, explainedBy }),
    signatures,
    compared,
    ways,
  };
}

/**
 * Only {@link Comparison.same}: what a list of many recipes asks of each, at a tenth of the cost.
 * @throws RecipeError when a number of either is none that could be trained with
 */
export function isSameRun(first: Recipe, second: Recipe): boolean | null {
  const parts = verdictOf(comparedParts(first, second));
  if (parts === false) return false;
  const sign = signer(first, second, {});
  const ratios = verdictOf(Object.values(ratiosOf(first, second, [sign(first, 0), sign(second, 1)])));
  return ratios === false ? false : parts && ratios;
}

/** Signs either recipe under the optimizer's row that both share. */
function signer(
  first: Recipe,
  second: Recipe,
  { init, shape }: CompareKnowing,
): (recipe: Recipe, index: 0 | 1) => Signature {
  const row = sharedRow(first.optimizer, second.optimizer);
  return (recipe, index) =>
    signatureOf(recipe, {
      ...(row ? { row } : {}),
      ...(init ? { init: init[index] } : {}),
      ...(shape ? { shape } : {}),
    });
}

function verdictOf(compared: readonly Pick<ComparedQuantity, 'same'>[]): boolean | null {
  if (compared.some(({ same }) => same === false)) return false;
  return compared.some(({ same }) => same === null) ? null : true;
}
