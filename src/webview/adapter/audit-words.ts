import * as l10n from '@vscode/l10n';
import type { Adapter } from '../../adapter/adapter';
import type { Audited, Outcome } from '../../adapter/engines/audit';
import { numberLabel } from '../../recipe/notation';

/** Engines of which the same is said. */
export interface EngineRow {
  outcome: Outcome;
  label: string;
  engines: readonly string[];
  why: string;
}

const LABELS: Readonly<Record<Exclude<Outcome, 'strong' | 'weak'>, string>> = {
  refused: l10n.t('refused'),
  dropped: l10n.t('loaded in part'),
  unknown: l10n.t('unknown'),
  right: l10n.t('right'),
};

/** The worst first. */
const PLACES: readonly Outcome[] = ['weak', 'strong', 'refused', 'dropped', 'unknown', 'right'];

export function outcomeLabel({ outcome, factor }: Pick<Audited, 'outcome' | 'factor'>): string {
  if (outcome !== 'strong' && outcome !== 'weak') return LABELS[outcome];
  if (outcome === 'weak') {
    return factor === 0 ? l10n.t('no effect') : l10n.t`${numberLabel(1 / (factor ?? 1), 3)}× too weak`;
  }
  return factor === null ? l10n.t('too strong') : l10n.t`${numberLabel(factor, 3)}× too strong`;
}

/** How far off: no effect, and an effect out of nothing, are furthest. */
const distance = ({ factor }: Audited): number => (factor === null ? Infinity : Math.abs(Math.log(Math.abs(factor))));
const isScaled = ({ outcome }: Audited): boolean => outcome === 'strong' || outcome === 'weak';

/** What the newest versions make of the adapter, in groups, the worst first. */
export function engineRows(audited: readonly Audited[]): EngineRow[] {
  const sorted = audited
    .filter(({ isNewest }) => isNewest)
    .toSorted((one, other) =>
      isScaled(one) && isScaled(other)
        ? distance(other) - distance(one)
        : PLACES.indexOf(one.outcome) - PLACES.indexOf(other.outcome),
    );
  const groups = new Map<string, EngineRow & { engines: string[] }>();
  for (const row of sorted) {
    const { outcome, name, why } = row;
    const label = outcomeLabel(row);
    const group = groups.get(label + why) ?? { outcome, label, engines: [], why };
    group.engines.push(name);
    groups.set(label + why, group);
  }
  return [...groups.values()];
}

export interface Answer {
  kind: 'identical' | 'different' | 'undecided';
  headline: string;
  line: string;
}

/** The answer: the scaling, and in how many engines it is the one that was trained with. */
export function answerOf({ modules }: Pick<Adapter, 'modules'>, rows: readonly EngineRow[]): Answer {
  const count = (...outcomes: readonly Outcome[]): number =>
    rows.reduce((sum, { outcome, engines }) => sum + (outcomes.includes(outcome) ? engines.length : 0), 0);
  const [all, right, unknown] = [count(...PLACES), count('right'), count('unknown')];
  const words = [
    [count('strong', 'weak'), (n: number) => l10n.t`another scaling in ${n}`] as const,
    [count('refused'), (n: number) => l10n.t`refused by ${n}`] as const,
    [count('dropped'), (n: number) => l10n.t`loaded in part by ${n}`] as const,
    [unknown, (n: number) => l10n.t`unknown in ${n}`] as const,
  ];
  const line = words.flatMap(([n, said]) => (n === 0 ? [] : [said(n)])).join(', ');
  const kind = right === all ? 'identical' : right + unknown === all ? 'undecided' : 'different';
  const scaling = scalingWords(modules.map((module) => module.scaling));
  return {
    kind,
    headline: all === 0 ? scaling : l10n.t`${scaling}: right in ${right} of ${all} engines`,
    line: line === '' ? '' : `${line.charAt(0).toLocaleUpperCase()}${line.slice(1)}.`,
  };
}

function scalingWords(scalings: readonly (number | null)[]): string {
  const known = scalings.filter((scaling) => scaling !== null);
  if (known.length < scalings.length) return l10n.t('Nothing says the scaling');
  const [least, most] = [numberLabel(Math.min(...known), 3), numberLabel(Math.max(...known), 3)];
  return least === most ? l10n.t`Scaling ${least} everywhere` : l10n.t`Scaling ${least} to ${most}`;
}

/** `16`, `8, 16, 32` or `4 to 64`; `?` where none is known. */
export function rangeLabel(values: readonly (number | null)[]): string {
  const known = [...new Set(values.filter((value) => value !== null))].toSorted((one, other) => one - other);
  const [least = null, most = null] = [known[0], known.at(-1)];
  if (least === null || most === null) return '?';
  return known.length <= 3
    ? known.map((value) => numberLabel(value)).join(', ')
    : l10n.t`${numberLabel(least)} to ${numberLabel(most)}`;
}
