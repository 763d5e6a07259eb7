import * as l10n from '@vscode/l10n';
import { rovingFocus } from './choices';
import { type Attributes, type Child, h, type Html } from './dom';

/** Which column a table is sorted by. */
export interface Sort<Id extends string> {
  column: Id;
  isDescending: boolean;
}

export interface Column<Row, Id extends string = string> {
  id: Id;
  heading: string;
  /** Its class; default: `id`. */
  name?: string;
  title?: string;
  /** What the column is sorted by; null comes last in both directions. */
  valueOf: (row: Row) => string | number | null;
}

interface SortableTable<Row, Id extends string> {
  id: string;
  caption: string;
  columns: readonly Column<Row, Id>[];
  sort: Sort<Id>;
  /** In front of the headings. */
  first?: Child;
  /** All rows, in their order, of which so many are drawn. */
  rows: readonly Row[];
  most: number;
  change(changes: { sort?: Sort<Id>; most?: number }): void;
  rowOf(row: Row, index: number): Html;
  own?: Attributes;
  /** Hears keyboard and mouse of the rows. */
  listeners: Attributes;
}

/** So many rows are drawn at once; a button draws more. */
export const MOST_ROWS = 500;

/** A table in a box of its own, which scrolls. A button in each heading sorts by its column. */
export function sortableTable<Row, Id extends string>(made: SortableTable<Row, Id>): Html {
  const { id, caption, columns, sort, first = null, rows, most, change, rowOf, own, listeners } = made;
  const left = Math.max(0, rows.length - most);
  const headings = columns.map((each) => headingOf(each, sort, (next) => change({ sort: next })));
  return h(
    `div.${id}-box`,
    { hidden: rows.length === 0 },
    h(
      'table.sortable',
      { id, 'aria-rowcount': rows.length + 1, ...own },
      h('caption.hidden-text', caption),
      h('thead', h('tr', { onkeydown: rovingFocus('.sort') }, first, headings)),
      h('tbody', listeners, ...rows.slice(0, most).map(rowOf)),
    ),
    h(
      'button.link.more',
      { hidden: left === 0, onclick: () => change({ most: most + MOST_ROWS }) },
      l10n.t`Show ${Math.min(MOST_ROWS, left)} more of ${rows.length}`,
    ),
  );
}

/** One heading of a table is a stop for the tabulator key. */
function headingOf<Row, Id extends string>(
  { id, heading, name = id, title = '' }: Column<Row, Id>,
  { column, isDescending }: Sort<Id>,
  sortBy: (sort: Sort<Id>) => void,
): Html {
  const is = id === column;
  const onclick = (): void => sortBy({ column: id, isDescending: is && !isDescending });
  const button = h(
    'button.sort',
    { id: `sort-${id}`, tabindex: is ? 0 : -1, onclick },
    h('span', heading),
    h('span.arrow', { 'aria-hidden': 'true' }, is ? (isDescending ? '↓' : '↑') : ''),
  );
  const sorted = is ? (isDescending ? 'descending' : 'ascending') : null;
  return h('th', { scope: 'col', class: name, title: title || null, 'aria-sort': sorted }, button);
}

/** Rows in the order of a table. Those without a value are last in both directions. */
export function sortedRows<Row, Id extends string>(
  rows: readonly Row[],
  columns: readonly Column<Row, Id>[],
  { column, isDescending }: Sort<Id>,
): Row[] {
  const { valueOf = () => null } = columns.find(({ id }) => id === column) ?? {};
  const sign = isDescending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: valueOf(row) }))
    .sort(({ value: a }, { value: b }) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null);
      if (typeof a === 'string' && typeof b === 'string')
        return sign * a.localeCompare(b, undefined, { numeric: true });
      return a === b ? 0 : a < b ? -sign : sign;
    })
    .map(({ row }) => row);
}
