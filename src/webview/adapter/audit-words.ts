import * as l10n from '@vscode/l10n';
import type { Adapter } from '../../adapter/adapter';
import type { Outcome } from '../../adapter/engines/audit';
import type { Alike } from '../../adapter/engines/words';
import { numberLabel } from '../../recipe/notation';

export interface Answer {
  kind: 'identical' | 'different' | 'undecided';
  headline: string;
  line: string;
}

/** The answer: the scaling, and in how many engines it is the one that was trained with. */
export function answerOf({ modules }: Pick<Adapter, 'modules'>, groups: readonly Alike[]): Answer {
  const count = (...outcomes: readonly Outcome[]): number =>
    groups.reduce((sum, { first, rows }) => sum + (outcomes.includes(first.outcome) ? rows.length : 0), 0);
  const [right, unknown] = [count('right'), count('unknown')];
  const all = groups.reduce((sum, { rows }) => sum + rows.length, 0);
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
