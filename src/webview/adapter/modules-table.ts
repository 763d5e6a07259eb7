import * as l10n from '@vscode/l10n';
import type { AdapterModule } from '../../adapter/adapter';
import type { Measured } from '../../adapter/measure';
import { numberLabel } from '../../recipe/notation';
import { rovingFocus } from '../page/choices';
import { breakable, h, type Html } from '../page/dom';
import { type Sort, sortedBy, sortHeading } from '../page/sorting';

/** A module by its place in the file, and what was measured of it: nothing yet, or null where it is no product. */
interface Row {
  index: number;
  module: AdapterModule;
  measured: Measured | null | undefined;
}

interface Column {
  id: string;
  heading: string;
  valueOf: (row: Row) => string | number | null;
  textOf?: (row: Row) => string;
  /** Significant digits, of which zeros are shown too. */
  digits?: number;
}

const numberOf = (value: number | null | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

const COLUMNS: readonly Column[] = [
  { id: 'module', heading: l10n.t('Module'), valueOf: ({ module }) => module.name },
  { id: 'rank', heading: l10n.t('Rank'), valueOf: ({ module }) => module.rank },
  { id: 'alpha', heading: l10n.t('Alpha'), valueOf: ({ module }) => numberOf(module.alpha) },
  { id: 'scaling', heading: l10n.t('Scaling'), valueOf: ({ module }) => numberOf(module.scaling) },
  { id: 'norm', heading: l10n.t('Norm'), valueOf: ({ measured }) => numberOf(measured?.norm), digits: 3 },
  {
    id: 'stable',
    heading: l10n.t('Stable rank'),
    valueOf: ({ measured }) => numberOf(measured?.stableRank),
    digits: 2,
  },
  {
    id: 'used',
    heading: l10n.t('Used'),
    valueOf: ({ measured }) => numberOf(measured?.used),
    textOf: ({ measured, module }) => l10n.t`${measured?.used ?? 0} of ${module.rank}`,
  },
];

/** So many rows are drawn at once; a button draws more. */
const MOST_ROWS = 300;

export interface TableState {
  sort: Sort<string>;
  /** The place of the module whose spectrum is drawn. */
  chosen: number;
  most: number;
}

export const beginning: TableState = { sort: { column: 'norm', isDescending: true }, chosen: -1, most: MOST_ROWS };

/** The modules, sorted; before anything is measured, in the order of the file. */
export function sortedRows(
  modules: readonly AdapterModule[],
  measured: readonly (Measured | null)[],
  { column, isDescending }: TableState['sort'],
): Row[] {
  const rows = modules.map((module, index): Row => ({ index, module, measured: measured[index] }));
  const by = COLUMNS.find(({ id }) => id === column);
  return by ? sortedBy(rows, by.valueOf, isDescending) : rows;
}

/** A table whose headings sort. The arrow keys move from module to module, and the spectrum follows. */
export function modulesTable(
  rows: readonly Row[],
  { sort, chosen, most }: TableState,
  change: (changes: Partial<TableState>) => void,
): Html {
  const sortBy = (column: string): void =>
    change({ sort: { column, isDescending: sort.column === column ? !sort.isDescending : column !== 'module' } });
  const choose = (at: number): void => change({ chosen: rows[at]?.index ?? -1 });
  const shown = rows.slice(0, most);
  const stop = shown.some(({ index }) => index === chosen) ? chosen : shown[0]?.index;
  const left = rows.length - shown.length;
  const heads = COLUMNS.map(({ id, heading }, i) =>
    sortHeading({ id, heading, name: i === 0 ? 'file' : 'number' }, sort, sortBy),
  );
  const body = shown.map((row, at) => {
    const is = { 'aria-pressed': String(row.index === chosen), tabindex: row.index === stop ? 0 : -1 };
    const pick = h('button.link.pick', { ...is, onclick: () => choose(at) }, breakable(row.module.name));
    const cells = COLUMNS.slice(1).map((column) => h('td.number', textIn(column, row)));
    const id = { 'data-id': `m${row.index}`, 'data-chosen': row.index === chosen };
    return h('tr', id, h('th.file', { scope: 'row' }, pick), cells);
  });
  return h(
    'div.modules-box',
    h(
      'table.recipes-table',
      { id: 'modules', 'aria-rowcount': rows.length + 1 },
      h('caption.hidden-text', l10n.t('Modules of the adapter; a name shows its spectrum')),
      h('thead', h('tr', { onkeydown: rovingFocus('.sort') }, heads)),
      h('tbody', { onkeydown: rovingFocus('.pick', choose) }, body),
    ),
    h(
      'button.link.more',
      { hidden: left === 0, onclick: () => change({ most: most + MOST_ROWS }) },
      l10n.t`Show ${Math.min(MOST_ROWS, left)} more of ${rows.length}`,
    ),
  );
}

function textIn({ valueOf, textOf, digits }: Column, row: Row): string {
  const value = valueOf(row);
  if (value === null) return row.measured?.sigma === null ? l10n.t('not finite') : '–';
  if (textOf || typeof value === 'string') return textOf?.(row) ?? String(value);
  const isPlain = digits !== undefined && Math.abs(value) >= 1e-2 && Math.abs(value) < 10 ** digits;
  return isPlain ? value.toPrecision(digits) : numberLabel(value, digits);
}
