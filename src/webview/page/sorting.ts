import { h, type Html } from './dom';

/** Which column a table is sorted by. */
export interface Sort<Id extends string> {
  column: Id;
  isDescending: boolean;
}

/** The heading of a column, a button that sorts by it. One of them is a stop for the tabulator key. */
export function sortHeading<Id extends string>(
  { id, heading, name, title = null }: { id: Id; heading: string; name: string; title?: string | null },
  { column, isDescending }: Sort<Id>,
  sortBy: (column: Id) => void,
): Html {
  const is = id === column;
  const sorted = is ? (isDescending ? 'descending' : 'ascending') : null;
  const arrow = is ? (isDescending ? '↓' : '↑') : '';
  const button = h(
    'button.sort',
    { id: `sort-${id}`, tabindex: is ? 0 : -1, onclick: () => sortBy(id) },
    h('span', heading),
    h('span.arrow', { 'aria-hidden': 'true' }, arrow),
  );
  return h('th', { scope: 'col', class: name, title, 'aria-sort': sorted }, button);
}

/** Rows by a value of theirs. Those without one are last in both directions. */
export function sortedBy<Row>(
  rows: readonly Row[],
  valueOf: (row: Row) => string | number | null,
  isDescending: boolean,
): Row[] {
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
