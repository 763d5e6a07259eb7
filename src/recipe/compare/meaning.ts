import * as l10n from '@vscode/l10n';
import type { ComparedQuantity, SideNames } from './compared';
import { FASTER, LARGER, moreOrLess } from './quantity-words';
import { numberLabel } from '../notation';
import { constantOf, isGuard, lrPower } from '../optimizers/optimizer-row';
import { isOne } from './ratio';
import { RecipeError, type Recipe } from '../recipe';
import { factorRates } from './same-run';
import type { QuantityKey, Signature } from '../signature';

/** The input of all sentences. */
export interface ComparedPair {
  first: Recipe;
  second: Recipe;
  same: boolean | null;
  compared: readonly ComparedQuantity[];
  /** The signature of the first recipe. */
  signature: Signature;
  names: SideNames;
  /** Whether the first recipe, changed like this, has every number of the second's signature. */
  explainedBy: (moved: Recipe) => boolean;
}

/** The result of a comparison in a few sentences. `second` is the subject of all of them. */
export function meaningOf(pair: ComparedPair): string {
  const { first, second, same, compared, names } = pair;
  if (same === true) {
    const k = second.scaling / first.scaling;
    if (isOne(k)) return l10n.t('The same run: every number that decides it agrees.');
    return l10n.t`The same run: every change makes up for the scaling, which is ${moreOrLess(k, LARGER)} in ${names.second}.`;
  }
  if (same === null) {
    const open = namesOf(compared.filter((each) => each.same === null));
    return l10n.t`Unknown whether both are the same run. Not comparable: ${open}. Everything else is the same.`;
  }
  const differing = compared.filter((each) => each.same === false);
  const blocking = differing.find(({ key }) => key === 'rank' || key === 'optimizer' || key === 'init');
  if (blocking) return l10n.t`Different runs, and no learning rate makes them the same. ${blocking.why}`;
  if (areTheSameButForGuards(pair)) {
    const names = namesOf(differing);
    return differing.length === 1
      ? l10n.t`Nearly the same run: only ${names} differs, which matters only where gradients are about as small.`
      : l10n.t`Nearly the same run: only ${names} differ, which matters only where gradients are about as small.`;
  }
  const rates = ratesOf(pair);
  const opening = ratesSentence(rates, pair);
  const reading = readingOf(rates, pair);
  const others = differing.filter(({ key, quantity }) => !RATES.has(key) && !(reading?.explainsAll && quantity));
  if (opening === '') return l10n.t`Different runs. What differs: ${namesOf(differing)}.`;
  return [opening, reading?.text ?? '', others.length === 0 ? '' : l10n.t`Also different: ${namesOf(others)}.`]
    .filter((text) => text !== '')
    .join(' ');
}

/** Whether the recipes differ only in an eps that, in both, only prevents a division by zero. */
export function areTheSameButForGuards({
  first,
  second,
  compared,
  signature: { row },
}: Pick<ComparedPair, 'first' | 'second' | 'compared' | 'signature'>): boolean {
  const eps = row && constantOf(row, 'eps');
  const differing = compared.filter((each) => each.same === false);
  if (!row || !eps || differing.length === 0 || differing.some(({ quantity }) => quantity?.what !== 'eps'))
    return false;
  return [first, second].every(({ optimizer }) => isGuard(row, 'eps', optimizer.eps ?? eps.default));
}

const RATES: ReadonlySet<string> = new Set(['pace', 'reach']);

function namesOf(compared: readonly ComparedQuantity[]): string {
  return compared.map(({ name }) => name).join(', ');
}

interface RateRatios {
  pace: number | null;
  reach: number | null;
}

function ratesOf({ compared }: ComparedPair): RateRatios {
  const ratioOf = (key: QuantityKey): number | null => compared.find((each) => each.key === key)?.ratio ?? null;
  return { pace: ratioOf('pace'), reach: ratioOf('reach') };
}

/** How fast both factors learn; empty if unknown or equal. */
function ratesSentence({ pace, reach }: RateRatios, { names, signature: { quantities } }: ComparedPair): string {
  const lead = l10n.t`Different runs: in ${names.second},`;
  const [mine, other] = [quantities.pace?.factor, quantities.reach?.factor];
  if (mine && other) {
    if (pace === null || reach === null || (isOne(pace) && isOne(reach))) return '';
    if (isOne(pace / reach)) return l10n.t`${lead} both A and B learn ${moreOrLess(pace, FASTER)}.`;
    const how = (ratio: number): string =>
      isOne(ratio) ? l10n.t`as fast as in ${names.first}` : moreOrLess(ratio, FASTER);
    return l10n.t`${lead} ${other} learns ${how(reach)}, ${mine} ${how(pace)}.`;
  }
  const [factor, ratio] = mine ? [mine, pace] : [other, reach];
  return !factor || ratio === null || isOne(ratio)
    ? ''
    : l10n.t`${lead} ${factor} learns ${moreOrLess(ratio, FASTER)}.`;
}

/** The change of the first recipe that gives the second. */
function readingOf({ pace, reach }: RateRatios, pair: ComparedPair): { text: string; explainsAll: boolean } | null {
  const { first, second, signature, names } = pair;
  const { row, quantities } = signature;
  if (!row || row.rate === 'fixed') return null;
  const power = -lrPower(row);
  const k = power === 0 || reach === null || !isOne(pace ?? 1) ? second.scaling / first.scaling : reach ** (1 / power);
  const scaled = { ...first, alpha: first.alpha * k, scaling: first.scaling * k };
  const byAlpha = !isOne(k) && holds(pair, scaled);
  const alpha = l10n.t`${names.first} with alpha × ${numberLabel(k)} and nothing else changed`;
  if (pace === null || reach === null || quantities.pace?.factor !== 'A') {
    return byAlpha ? { text: l10n.t`That is ${alpha}.`, explainsAll: true } : null;
  }
  const ratio = (reach / pace) * factorRates(first).ratio;
  const plus = `${numberLabel(ratio)}${isOne(pace) ? '' : l10n.t` and a learning rate × ${numberLabel(pace)}`}`;
  const byPlus = holds(pair, ratedBy(first, pace, ratio));
  if (isOne(pace / reach)) {
    return {
      text: l10n.t`${byPlus ? l10n.t('That is') : l10n.t('That is as in')} ${names.first} at a learning rate × ${numberLabel(pace)}.`,
      explainsAll: byPlus,
    };
  }
  if (byAlpha) {
    const also = byPlus
      ? l10n.t`, or with LoRA+ at a ratio of ${plus}`
      : l10n.t`; A and B learn as with LoRA+ at a ratio of ${plus}`;
    return { text: l10n.t`That is ${alpha}${also}.`, explainsAll: true };
  }
  return byPlus
    ? { text: l10n.t`That is ${names.first} with LoRA+ at a ratio of ${plus}.`, explainsAll: true }
    : {
        text: l10n.t`A and B learn as in ${names.first} with LoRA+ at a ratio of ${plus}.`,
        explainsAll: false,
      };
}

function holds({ explainedBy }: ComparedPair, moved: Recipe): boolean {
  try {
    return explainedBy(moved);
  } catch (error) {
    // A recipe that cannot be changed that far explains nothing.
    if (error instanceof RecipeError) return false;
    throw error;
  }
}

function ratedBy(recipe: Recipe, factor: number, ratio: number): Recipe {
  const times = (rate: number | null): number | null => (rate === null ? null : rate * factor);
  return {
    ...recipe,
    learningRate: times(recipe.learningRate),
    lrA: times(recipe.lrA),
    lrB: null,
    loraplusLrRatio: ratio,
  };
}
