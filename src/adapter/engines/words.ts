import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import { inGroups } from '../groups';
import { distance } from './applied';
import type { Audited, Outcome } from './audit';

/** The worst first; of the first four nothing good can be said. */
const PLACES: readonly Outcome[] = ['weak', 'strong', 'refused', 'dropped', 'unknown', 'right'];
const placeOf = ({ outcome }: Audited): number => PLACES.indexOf(outcome);

export const isBad = (row: Audited): boolean => placeOf(row) < 4;

export function outcomeLabel({ outcome, factor }: Pick<Audited, 'outcome' | 'factor'>): string {
  const by = (times: number | null): string => (times === null ? '' : `${numberLabel(times, 3)}× `);
  const words: Readonly<Record<Outcome, string>> = {
    strong: l10n.t`${by(factor)}too strong`,
    weak: factor === 0 ? l10n.t('no effect') : l10n.t`${by(factor && 1 / factor)}too weak`,
    refused: l10n.t('refused'),
    dropped: l10n.t('loaded in part'),
    unknown: l10n.t('unknown'),
    right: l10n.t('right'),
  };
  return words[outcome];
}

/** Engines, or their versions, of which the same is said; `first` is one of them. */
export interface Alike {
  readonly label: string;
  readonly first: Audited;
  readonly rows: readonly Audited[];
}

/** Rows in groups of the same outcome and the same words, the worst first. */
export function alikeRows(audited: readonly Audited[], wordsOf: (row: Audited) => string): readonly Alike[] {
  const sorted = audited.toSorted((one, other) =>
    placeOf(one) < 2 && placeOf(other) < 2
      ? distance(other.factor) - distance(one.factor) || 0
      : placeOf(one) - placeOf(other),
  );
  const groups = inGroups(sorted, (row) => `${outcomeLabel(row)}\n${wordsOf(row)}`);
  return groups.map((rows) => ({ label: outcomeLabel(rows[0]), first: rows[0], rows }));
}
