import * as l10n from '@vscode/l10n';
import type { SideNames } from '../../recipe/compare/compared';
import type { Undecided } from '../verdict/undecided';
import type { ExperimentSpec, VariantRole } from '../spec';
import { isAgreed, type Verdict } from '../verdict/verdict';
import type { VerdictText } from './undecided-words';
import { evidenceWords, verdictWords } from './verdict-words';
import { sentences } from './sizes';

/** What the sentences about two configs need beside the verdict. */
export interface PairText {
  names: SideNames;
  /** What differs, or may differ, and is not trained; a sentence, or empty. */
  untrained: string;
  /** Everything that differs, or may; a sentence, or empty. */
  differs: string;
  /** What of both files was not understood; null where all was. */
  notUnderstood: string | null;
}

/** Headlines where the curves agree and the files do not. */
const AGREEING: Readonly<Partial<Record<Undecided, string>>> = {
  nearly: l10n.t('Both train alike, nearly the same run'),
  departs: l10n.t('Alike here, though the files differ'),
  'no-rule': l10n.t('Alike here, though the files differ'),
  'not-exact': l10n.t('Alike here, though the files differ'),
  'not-understood': l10n.t('Both train alike for what was read'),
};

/** The verdict on two configs that were trained side by side: does the second train like the first? */
export function pairWords(spec: ExperimentSpec, verdict: Verdict, pair: PairText): VerdictText {
  const words = verdictWords(spec, verdict);
  const limits = sentences(pair.untrained, pair.notUnderstood ?? '');
  const { kind, reason } = verdict;
  const written = apartBy(spec, verdict, 'as-written');
  if (written > 0 && isAgreed(kind)) {
    const evidence = evidenceWords(spec, { ...verdict, kind: 'equivalent' }, written);
    return { ...words, headline: l10n.t('Both train alike, up to written digits'), evidence, detail: '' };
  }
  switch (kind) {
    case 'identical':
      return { ...words, headline: l10n.t('Both train alike, to the last bit'), detail: sameWords(spec, words.detail) };
    case 'equivalent':
      return { ...words, headline: l10n.t('Both train alike, up to rounding') };
    case 'different':
      return {
        ...words,
        headline: l10n.t('They train differently'),
        detail: '',
        aside: sentences(brokenWords(verdict, pair.names), limits),
      };
    case 'undecided': {
      const isUntrained = reason === 'not-exact' && pair.differs === '';
      const headline = isUntrained ? l10n.t('Both train alike in what is trained') : reason && AGREEING[reason];
      if (headline === undefined) return { ...words, aside: sentences(words.aside, limits) };
      const evidence = agreement(spec, verdict);
      return { headline, evidence, detail: '', aside: sentences(pair.untrained === '' ? pair.differs : '', limits) };
    }
  }
}

/** How close two runs are that agree, with the numbers that the second file has. */
function agreement(spec: ExperimentSpec, verdict: Verdict): string {
  const apart = Math.max(apartBy(spec, verdict, 'rescaled'), apartBy(spec, verdict, 'as-written'));
  return evidenceWords(spec, { ...verdict, kind: apart === 0 ? 'identical' : 'equivalent', coarse: [] }, apart);
}

function apartBy({ variants }: ExperimentSpec, { deviations }: Verdict, role: VariantRole): number {
  return Math.max(0, ...deviations.filter((_, i) => variants[i]?.role === role));
}

/** Without an `as-written` run that differs, runs at one scaling that follow the rule have equal numbers. */
function sameWords({ variants: [base, ...others] }: ExperimentSpec, detail: string): string {
  return others.every(({ scaling }) => scaling === base?.scaling)
    ? l10n.t('Both files give the same numbers, so the runs cannot differ.')
    : detail;
}

function brokenWords({ broken }: Verdict, { second }: SideNames): string {
  if (!broken) return '';
  return broken.what === 'nan'
    ? l10n.t`The loss of ${second} is NaN from step ${broken.step} on.`
    : l10n.t`The loss of ${second} is infinite from step ${broken.step} on.`;
}
