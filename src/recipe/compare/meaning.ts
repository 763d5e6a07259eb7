import * as l10n from '@vscode/l10n';
import type { ComparedQuantity, SideNames } from './compared';
import { FASTER, LARGER, moreOrLess } from './quantity-words';
import { numberLabel } from '../notation';
import { constantOf, isGuard, lrPower } from '../optimizers/optimizer-row';
import { rankWords } from './rank-words';
import { isOne } from './ratio';
import type { Recipe } from '../recipe';
import { factorRates } from './same-run';
import type { Signature } from '../signature';

/** The input of all sentences. */
interface ComparedPair {
  first: Recipe;
  second: Recipe;
  same: boolean | null;
  compared: readonly ComparedQuantity[];
  /** The signature of the first recipe. */
  signature: Signature;
  names: SideNames;
  /** Whether the first recipe, with alpha times k, has every number of the second's signature. */
  isAlphaAlone: (k: number) => boolean;
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
  if (blocking) {
    const known = blocking.key === 'rank' && differing.every(({ key }) => key !== 'optimizer' && key !== 'init');
    const why = known ? `${blocking.why} ${rankWords(first, second, names)}`.trim() : blocking.why;
    return l10n.t`Different runs, and no learning rate makes them the same. ${why}`;
  }
  if (areTheSameButForGuards(pair)) {
    const open = compared.filter((each) => each.same === null);
    const also = open.length === 0 ? '' : ` ${l10n.t`Not comparable: ${namesOf(open)}.`}`;
    return nearlySentence(differing) + also;
  }
  const ratioOf = (key: string): number | null => compared.find((each) => each.key === key)?.ratio ?? null;
  const rates = { pace: ratioOf('pace'), reach: ratioOf('reach') };
  const opening = ratesSentence(rates, pair);
  if (opening === '') return l10n.t`Different runs. What differs: ${namesOf(differing)}.`;
  const reading = readingOf(rates, pair);
  const others = differing.filter(({ key, quantity }) => !(key in rates) && !(reading?.isAll && quantity));
  const also = others.length === 0 ? '' : l10n.t`Also different: ${namesOf(others)}.`;
  return [opening, reading?.text ?? '', also].filter((text) => text !== '').join(' ');
}

function nearlySentence(differing: readonly ComparedQuantity[]): string {
  const names = namesOf(differing);
  const isClip = differing.map(({ quantity }) => quantity?.what !== 'eps');
  if (isClip.every(Boolean)) return l10n.t`The same run unless clipping is active. What differs: ${names}.`;
  return isClip.some(Boolean)
    ? l10n.t`Nearly the same run. What differs: ${names}. It matters only where gradients are as small as eps, or clipped.`
    : l10n.t`Nearly the same run. What differs: ${names}. It matters only where gradients are about as small.`;
}

/** Quantities that matter only where gradients are long. */
const CLIPS: ReadonlySet<unknown> = new Set(['clip', 'clipValue']);

/** Whether the recipes differ only in clipping, or in an eps that, in both, only prevents a division by zero. */
export function areTheSameButForGuards(
  pair: Pick<ComparedPair, 'first' | 'second' | 'compared' | 'signature'>,
): boolean {
  const { first, second, compared, signature } = pair;
  const { row } = signature;
  const eps = row && constantOf(row, 'eps');
  const differing = compared.filter((each) => each.same === false);
  const others = differing.filter(({ quantity }) => !CLIPS.has(quantity?.what));
  if (!row || differing.length === 0) return false;
  if (others.length === 0) return true;
  if (!eps || others.some(({ quantity }) => quantity?.what !== 'eps')) return false;
  return [first, second].every(({ optimizer }) => isGuard(row, 'eps', optimizer.eps ?? eps.default));
}

const namesOf = (compared: readonly ComparedQuantity[]): string => compared.map(({ name }) => name).join(', ');

type RateRatios = Record<'pace' | 'reach', number | null>;

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
  const isUnsaid = !factor || ratio === null || isOne(ratio);
  return isUnsaid ? '' : l10n.t`${lead} ${factor} learns ${moreOrLess(ratio, FASTER)}.`;
}

/** The change of the first recipe that gives the second, or its rates; `isAll`: it explains every number. */
function readingOf({ pace, reach }: RateRatios, pair: ComparedPair): { text: string; isAll: boolean } | null {
  const { first, second, signature, names } = pair;
  const { row, quantities } = signature;
  if (!row || row.rate === 'fixed') return null;
  const power = -lrPower(row);
  const k = power === 0 || reach === null || !isOne(pace ?? 1) ? second.scaling / first.scaling : reach ** (1 / power);
  if (!isOne(k) && pair.isAlphaAlone(k)) {
    return { text: l10n.t`That is ${names.first} with alpha × ${numberLabel(k)}.`, isAll: true };
  }
  if (pace === null || reach === null || quantities.pace?.factor !== 'A') return null;
  const ratio = numberLabel((reach / pace) * factorRates(first).ratio);
  const rate = numberLabel(pace);
  if (isOne(pace / reach)) {
    return { text: l10n.t`A and B learn as in ${names.first} at a learning rate × ${rate}.`, isAll: false };
  }
  const text = isOne(pace)
    ? l10n.t`So ${names.second} learns as ${names.first} would with a LoRA+ ratio of ${ratio}.`
    : l10n.t`So ${names.second} learns as ${names.first} would with a LoRA+ ratio of ${ratio} and a learning rate × ${rate}.`;
  return { text, isAll: false };
}
