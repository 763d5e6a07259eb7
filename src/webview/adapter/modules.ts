import * as l10n from '@vscode/l10n';
import type { AdapterModule } from '../../adapter/adapter';
import type { Measured } from '../../adapter/measure';
import { numberLabel } from '../../recipe/notation';
import { rovingFocus } from '../page/choices';
import { breakable, h, type Html } from '../page/dom';
import { type Column, type Sort, sortableTable, sortedRows } from '../page/sorting';

/** A module, its place in the file, and what was measured of it. */
type Row = Pick<AdapterModule, 'name' | 'rank' | 'alpha' | 'scaling'> & Partial<Measured> & { index: number };

/** @param digits significant ones, of which zeros are shown too */
const numberColumn = (id: Exclude<keyof Row, 'name' | 'sigma' | 'index'>, heading: string, digits?: number) => ({
  ...{ id, heading, digits, name: 'number' },
  valueOf: ({ [id]: value }: Row) => (Number.isFinite(value) ? Number(value) : null),
});

const NUMBERS = [
  numberColumn('rank', l10n.t('Rank')),
  numberColumn('alpha', l10n.t('Alpha')),
  numberColumn('scaling', l10n.t('Scaling')),
  numberColumn('norm', l10n.t('Norm'), 3),
  numberColumn('stableRank', l10n.t('Stable rank'), 2),
  numberColumn('used', l10n.t('Used')),
];

const MODULE: Column<Row> = { id: 'module', heading: l10n.t('Module'), name: 'file', valueOf: ({ name }) => name };

/** A table of the modules. The arrow keys move from module to module, and the spectrum follows. */
export function modulesTable(
  modules: readonly AdapterModule[],
  measured: readonly (Measured | null)[],
  { sort, chosen, most }: { sort: Sort<string>; chosen: number; most: number },
  change: (changes: { sort?: Sort<string>; chosen?: number; most?: number }) => void,
): Html {
  const columns = [MODULE, ...NUMBERS];
  const all = modules.map((module, index): Row => ({ ...module, ...measured[index], index }));
  const rows = sortedRows(all, columns, sort);
  const choose = (at: number): void => change({ chosen: rows[at]?.index ?? -1 });
  const chosenAt = rows.findIndex(({ index }) => index === chosen);
  const caption = l10n.t('Modules of the adapter; a name shows its spectrum');
  return sortableTable({
    ...{ id: 'modules', caption, columns, sort, rows, most, change },
    listeners: { onkeydown: rovingFocus('.pick', choose) },
    rowOf(each, at) {
      const tabindex = at === (chosenAt < most ? chosenAt : 0) ? 0 : -1;
      const own = { 'aria-pressed': String(at === chosenAt), tabindex, onclick: () => choose(at) };
      return h(
        'tr',
        { 'data-id': `m${each.index}`, 'data-chosen': at === chosenAt },
        h('th.file', { scope: 'row' }, h('button.link.pick', own, breakable(each.name))),
        NUMBERS.map((column) => h('td.number', textIn(column, each))),
      );
    },
  });
}

function textIn({ id, valueOf, digits }: (typeof NUMBERS)[number], each: Row): string {
  const value = valueOf(each);
  if (value === null) return each.sigma === null ? l10n.t('not finite') : '–';
  if (id === 'used') return l10n.t`${value} of ${each.rank}`;
  const isPlain = digits !== undefined && Math.abs(value) >= 1e-2 && Math.abs(value) < 10 ** digits;
  return isPlain ? value.toPrecision(digits) : numberLabel(value, digits);
}
