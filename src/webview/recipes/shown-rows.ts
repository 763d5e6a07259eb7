import type { RecipeRow } from '../../messages/recipes';
import { textFilter } from '../../messages/text-filter';
import { COLUMNS, numberText, pathOf } from './table/columns';
import type { TableState } from './table-state';

/** The rows that a filter leaves, sorted. Rows without a value are last in both directions. */
export function shownRows(rows: readonly RecipeRow[], { sort, filter }: TableState): RecipeRow[] {
  const isShown = textFilter(filter);
  const shown = rows.filter((row) => isShown(searchedIn(row)));
  const { valueOf } = COLUMNS.find(({ id }) => id === sort.column) ?? { valueOf: () => '' };
  if (sort.column === 'file') return sort.isDescending ? shown.reverse() : shown;
  const sign = sort.isDescending ? -1 : 1;
  return shown
    .map((row) => ({ row, value: valueOf(row) }))
    .sort(({ value: a }, { value: b }) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null);
      return sign * compared(a, b);
    })
    .map(({ row }) => row);
}

function compared(a: string | number, b: string | number): number {
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b);
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Every text of a row: `configs/a.yml Axolotl r 16 α 32 s 2 lr 2e-4 run A`. */
function searchedIn(row: RecipeRow): string {
  const { trainer, numbers, run } = row;
  const words = numbers && [
    ...[`r ${numbers.rank}`, `α ${numberText(numbers.alpha)}`],
    ...[`s ${numberText(numbers.scaling)}`, `lr ${numberText(numbers.rate)}`],
  ];
  return [pathOf(row), trainer, ...(words ?? []), ...(run ? [`run ${run.letter}`] : [])].join(' ');
}
