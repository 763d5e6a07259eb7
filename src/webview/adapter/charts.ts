import * as l10n from '@vscode/l10n';
import type { Adapter } from '../../adapter/adapter';
import { ENGINES } from '../../adapter/engines/all';
import { alikeIn, appliedTo, type Alike as AlikeModules } from '../../adapter/engines/applied';
import type { Alike } from '../../adapter/engines/words';
import type { Measured } from '../../adapter/measure';
import { type Chart, type ChartLine, pointChart } from '../../plot/chart';
import { numberLabel } from '../../recipe/notation';

/** So many engines have lines of their own. */
const MOST_LINES = 3;

/** The energy of a singular value below this share of the first is rounding error of most types. */
const FLOOR = 1e-6;

/** `16`, or `2.83 to 8`; `?` where none is known. */
export function spanOf(values: readonly (number | null)[]): string {
  const known = values.flatMap((value) => (value !== null && Number.isFinite(value) ? value : []));
  const [least, most] = [numberLabel(Math.min(...known), 3), numberLabel(Math.max(...known), 3)];
  return known.length === 0 ? '?' : least === most ? least : l10n.t`${least} to ${most}`;
}

type Line = readonly [label: string, values: readonly number[]];

/** Lines over numbered points, the first of them as a baseline. @param names of the points */
function chartOf(
  title: string,
  unit: string,
  axis: Chart['axis'],
  all: readonly Line[],
  x: string,
  names?: string[],
): Chart {
  const lines = all.map(([label, values], i): ChartLine => {
    const role = i === 0 ? 'base' : 'rate';
    return { name: `${role}-${i}`, label, role, values, steps: values };
  });
  const at = Array.from({ length: Math.max(...all.map(([, values]) => values.length)) }, (_, i) => i);
  const places = { title: x, at, labels: at.map((i) => String(i + 1)), ...(names && { names }) };
  const format = (value: number): string => numberLabel(value, 3);
  return pointChart({ title, unit, axis, lines, x: places, format, tick: format, words: spanOf });
}

/**
 * The scaling of each module, the largest first, and what those engines apply that are furthest off. Null where all of
 * that is one number.
 */
export function scalingChart(adapter: Adapter, groups: readonly Alike[]): Chart | null {
  const scalingOf = ([module]: AlikeModules): number => module.scaling ?? NaN;
  const alike = alikeIn(adapter).toSorted((one, other) => (scalingOf(other) || 0) - (scalingOf(one) || 0));
  const each = (of: (some: AlikeModules) => number): number[] => alike.flatMap((some) => some.map(() => of(some)));
  const off = groups.filter(({ first: { outcome } }) => outcome === 'strong' || outcome === 'weak');
  const engines = off.slice(0, MOST_LINES).flatMap(({ first, rows }): Line[] => {
    const does = ENGINES.find(({ id }) => id === first.engine)?.ranges.at(-1)?.does;
    const label = rows.length === 1 ? first.name : l10n.t`${first.name} +${rows.length - 1}`;
    return does ? [[label, each((some) => appliedTo(some, adapter, does).is ?? NaN)]] : [];
  });
  const lines: Line[] = [[l10n.t('as trained'), each(scalingOf)], ...engines];
  const all = lines.flatMap(([, values]) => values).filter(Number.isFinite);
  if (new Set(all).size < 2) return null;
  const axis = { kind: 'linear', range: [Math.min(0, ...all), Math.max(...all) * 1.08] } as const;
  const names = alike.flat().map(({ name }) => name);
  return chartOf(l10n.t('Scaling'), l10n.t('of each module'), axis, lines, l10n.t('module'), names);
}

/** The singular values of one module's ΔW, and their median over the modules. Null where nothing was measured. */
export function spectrumChart(measured: readonly (Measured | null)[], chosen: number, name: string): Chart | null {
  const all = measured.flatMap((each) => (each?.sigma ? [each.sigma] : []));
  const own = measured[chosen]?.sigma ?? [];
  const count = Math.max(0, ...all.map(({ length }) => length));
  // Where most modules have no such value, a median says nothing.
  const medians = Array.from({ length: count }, (_, i) => all.flatMap((sigma) => sigma[i] ?? []))
    .filter(({ length }) => length * 2 > all.length)
    .map(medianOf);
  const shown = [...medians, ...own].filter((value) => value > 0);
  if (shown.length === 0) return null;
  const lines: Line[] = [[l10n.t('median'), medians], ...(own.length > 0 ? [[lastOf(name), own] as const] : [])];
  const most = Math.max(...shown);
  const axis = { kind: 'log', range: [Math.max(Math.min(...shown), most * FLOOR) * 0.8, most * 1.25] } as const;
  return chartOf(l10n.t('Spectrum'), l10n.t('singular values of ΔW'), axis, lines, 'σ');
}

const lastOf = (name: string): string => name.split('.').at(-1) ?? name;

export const medianOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? NaN;
