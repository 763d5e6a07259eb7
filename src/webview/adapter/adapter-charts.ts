import * as l10n from '@vscode/l10n';
import type { Adapter, AdapterModule } from '../../adapter/adapter';
import { ENGINES } from '../../adapter/engines/all';
import { alikeIn, appliedTo } from '../../adapter/engines/applied';
import type { Alike } from '../../adapter/engines/words';
import type { Measured } from '../../adapter/measure';
import type { Chart, ChartLine } from '../../plot/chart';
import { numberLabel } from '../../recipe/notation';

/** So many engines have lines of their own. */
const MOST_LINES = 3;

/** The energy of a singular value below this share of the first is rounding error of most types. */
const FLOOR = 1e-6;

const lineOf = (name: string, label: string, role: ChartLine['role'], values: readonly number[]): ChartLine => ({
  ...{ name, label, role, values, steps: values },
});

type Points = NonNullable<Chart['x']>;

function chartOf(title: string, unit: string, lines: readonly ChartLine[], axis: Chart['axis'], x: Points): Chart {
  const format = (value: number): string => numberLabel(value, 3);
  const ends = ({ label, values }: ChartLine): string => {
    const known = values.filter(Number.isFinite);
    return l10n.t`${label}: ${format(Math.min(...known))} to ${format(Math.max(...known))}`;
  };
  return {
    ...{ title, unit, all: lines, lines, axis, x, band: [], floorNote: null, format, tick: format },
    // The last point has room for its label.
    window: [0, Math.max(1, (x.at.length - 1) * 1.03)],
    describe: () => `${title}, ${unit}. ${lines.map(ends).join('; ')}.`,
  };
}

const pointsOf = (title: string, count: number, names?: readonly string[]): Points => {
  const at = Array.from({ length: count }, (_, i) => i);
  return { title, at, labels: at.map((i) => String(i + 1)), ...(names && { names }) };
};

/**
 * The scaling of each module, the largest first, and what those engines apply that are furthest off. Null where all of
 * that is one number.
 */
export function scalingChart(adapter: Adapter, groups: readonly Alike[]): Chart | null {
  const modules = adapter.modules.toSorted((one, other) => (other.scaling ?? 0) - (one.scaling ?? 0));
  const lines = [
    lineOf(
      'meant',
      l10n.t('as trained'),
      'base',
      modules.map(({ scaling }) => scaling ?? NaN),
    ),
  ];
  for (const { first, rows } of groups) {
    const { name, outcome } = first;
    const does = ENGINES.find(({ id }) => id === first.engine)?.ranges.at(-1)?.does;
    if (!does || (outcome !== 'strong' && outcome !== 'weak') || lines.length > MOST_LINES) continue;
    const applied = new Map<AdapterModule, number>();
    for (const alike of alikeIn(adapter)) {
      const { is } = appliedTo(alike, adapter, does);
      for (const module of alike) applied.set(module, is ?? NaN);
    }
    const label = rows.length === 1 ? name : l10n.t`${name} +${rows.length - 1}`;
    const values = modules.map((module) => applied.get(module) ?? NaN);
    lines.push(lineOf(`rate-${lines.length}`, label, 'rate', values));
  }
  const all = lines.flatMap(({ values }) => values).filter(Number.isFinite);
  if (new Set(all).size < 2) return null;
  const axis = { kind: 'linear', range: [Math.min(0, ...all), Math.max(...all) * 1.08] } as const;
  const names = modules.map(({ name }) => name);
  const x = pointsOf(l10n.t('module'), names.length, names);
  return chartOf(l10n.t('Scaling'), l10n.t('of each module'), lines, axis, x);
}

/** The singular values of one module's ΔW, and their median over the modules. Null where nothing was measured. */
export function spectrumChart(measured: readonly (Measured | null)[], chosen: number, name: string): Chart | null {
  const all = measured.flatMap((each) => (each?.sigma ? [each.sigma] : []));
  const own = measured[chosen]?.sigma ?? [];
  const count = Math.max(0, ...all.map(({ length }) => length));
  const medians = Array.from({ length: count }, (_, i) => {
    const values = all.flatMap((sigma) => sigma[i] ?? []);
    // Where most modules have no such value, a median says nothing.
    return values.length * 2 > all.length ? medianOf(values) : NaN;
  });
  const shown = [...medians, ...own].filter((value) => value > 0);
  if (shown.length === 0) return null;
  const lines = [
    lineOf('median', l10n.t('median'), 'base', medians),
    ...(own.length > 0 ? [lineOf('rate-1', name.split('.').at(-1) ?? name, 'rate', own)] : []),
  ];
  const most = Math.max(...shown);
  const axis = { kind: 'log', range: [Math.max(Math.min(...shown), most * FLOOR) * 0.8, most * 1.25] } as const;
  const seen = Math.max(own.length, medians.findLastIndex((value) => !Number.isNaN(value)) + 1);
  return chartOf(l10n.t('Spectrum'), l10n.t('singular values of ΔW'), lines, axis, pointsOf('σ', seen));
}

export const medianOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? NaN;
