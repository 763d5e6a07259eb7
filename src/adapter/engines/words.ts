import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import type { Audited, Outcome } from './audit';

/** The worst first. */
const PLACES: readonly Outcome[] = ['weak', 'strong', 'refused', 'dropped', 'unknown', 'right'];

const isScaled = ({ outcome }: Audited): boolean => outcome === 'strong' || outcome === 'weak';

/** Of these nothing good can be said. */
export const isBad = (row: Audited): boolean => isScaled(row) || row.outcome === 'refused' || row.outcome === 'dropped';

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

/** How far off: no effect, and an effect out of nothing, are furthest. */
const distance = ({ factor }: Audited): number => (factor === null ? Infinity : Math.abs(Math.log(Math.abs(factor))));

/** Rows in groups of the same outcome and the same words, the worst first. */
export function alikeRows(audited: readonly Audited[], wordsOf: (row: Audited) => string): readonly Alike[] {
  const sorted = audited.toSorted((one, other) =>
    isScaled(one) && isScaled(other)
      ? distance(other) - distance(one) || 0
      : PLACES.indexOf(one.outcome) - PLACES.indexOf(other.outcome),
  );
  const groups = new Map<string, Alike & { rows: Audited[] }>();
  for (const first of sorted) {
    const label = outcomeLabel(first);
    const key = `${label}\n${wordsOf(first)}`;
    const group = groups.get(key) ?? { label, first, rows: [] };
    group.rows.push(first);
    groups.set(key, group);
  }
  return [...groups.values()];
}
