import * as v from 'valibot';
import * as l10n from '@vscode/l10n';
import { type RecipeRow, textFilter } from '../../messages/recipes';
import { numberLabel } from '../../recipe/notation';
import { type Column, sortedRows } from '../page/sorting';
import { csvText, markdownTable } from '../page/table-text';

const COLUMN_IDS = ['file', 'trainer', 'method', 'rank', 'alpha', 'scaling', 'rate', 'run'] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

const numberColumn = (id: 'rank' | 'alpha' | 'scaling' | 'rate', heading: string): Column<RecipeRow, ColumnId> => ({
  ...{ id, heading, name: 'number', valueOf: ({ numbers }) => numbers?.[id] ?? null },
});

const RUN = l10n.t({ message: 'Run', comment: ['the noun: a training run'] });
const SAME = l10n.t('Recipes with the same letter are the same run');

export const COLUMNS: readonly Column<RecipeRow, ColumnId>[] = [
  // The rows come in the order of their files.
  { id: 'file', heading: l10n.t('File'), valueOf: () => '' },
  { id: 'trainer', heading: l10n.t('Trainer'), valueOf: ({ trainer }) => trainer },
  { id: 'method', heading: l10n.t('Optimizer'), valueOf: ({ method }) => method || null },
  numberColumn('rank', l10n.t('Rank')),
  numberColumn('alpha', l10n.t('Alpha')),
  numberColumn('scaling', l10n.t('Scaling')),
  numberColumn('rate', l10n.t('Learning rate')),
  { id: 'run', heading: RUN, title: SAME, valueOf: ({ run }) => (run ? orderOf(run.letter) : null) },
];

/** What the page keeps over hiding, moving and reloading; the beginning where it is nothing, or of another version. */
const tableState = v.fallback(
  v.object({
    sort: v.object({ column: v.picklist(COLUMN_IDS), isDescending: v.boolean() }),
    filter: v.string(),
    /** Ids of the chosen rows, in the order they were chosen in. */
    chosen: v.array(v.string()),
    /** Id of the row that has the keyboard. */
    active: v.nullable(v.string()),
  }),
  { sort: { column: 'file', isDescending: false }, filter: '', chosen: [], active: null },
);
export type TableState = v.InferOutput<typeof tableState>;

export function stateFrom(kept: unknown): TableState {
  return v.parse(tableState, kept);
}

/** The file and, where it has several recipes, which: `configs/a.toml · unet`. */
export function pathOf(row: RecipeRow): string {
  return row.recipe === '' ? fileOf(row) : `${fileOf(row)} · ${row.recipe}`;
}

export function fileOf({ folder, name }: RecipeRow): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** A number as the table shows it; `–` where there is none. */
export function numberText(value: number | null = null): string {
  return value === null ? '–' : numberLabel(value);
}

export function otherRateB({ numbers }: RecipeRow): number | null {
  return numbers && numbers.rateB !== numbers.rate ? numbers.rateB : null;
}

/** `A`, `A?` where not everything was understood; empty where no other recipe is the same run. */
export function runSign({ run }: RecipeRow): string {
  return run ? `${run.letter}${run.isOpen ? '?' : ''}` : '';
}

/** Why other recipes are the same run as this one, in a sentence. */
export function runReason({ run }: RecipeRow): string {
  if (!run) return '';
  return run.isOpen ? l10n.t`Same run for what was read: ${run.why}` : l10n.t`Same run: ${run.why}`;
}

/** `Z` comes before `AA`, as the columns of a spreadsheet do. */
function orderOf(letters: string): number {
  return [...letters].reduce((place, letter) => place * 26 + letter.charCodeAt(0) - 64, 0);
}

/** The rows that a filter leaves, sorted. Rows without a value are last in both directions. */
export function shownRows(rows: readonly RecipeRow[], { sort, filter }: TableState): RecipeRow[] {
  const isShown = textFilter(filter);
  const shown = rows.filter((row) => isShown(searchedIn(row)));
  if (sort.column === 'file') return sort.isDescending ? shown.reverse() : shown;
  return sortedRows(shown, COLUMNS, sort);
}

/** Every text of a row: `configs/a.yml Axolotl r 16 α 32 s 2 lr 2e-4 run A`. */
function searchedIn(row: RecipeRow): string {
  const { trainer, method, numbers, run } = row;
  const { rank, alpha, scaling, rate } = numbers ?? {};
  const words = `r ${rank} α ${numberText(alpha)} s ${numberText(scaling)} lr ${numberText(rate)}`;
  return [pathOf(row), trainer, method, numbers ? words : '', run ? `run ${run.letter}` : ''].join(' ');
}

/** Rows as CSV, for programs: English headings, numbers in full. */
export function rowsAsCsv(rows: readonly RecipeRow[]): string {
  const heading =
    'file recipe trainer optimizer rank alpha scaling scaling_rule learning_rate learning_rate_b run note'.split(' ');
  const lines = rows.map((row) => {
    const { recipe, trainer, method, numbers, note } = row;
    const { rank = null, alpha = null, scaling = null, rule = '', rate = null, rateB = null } = numbers ?? {};
    return [fileOf(row), recipe, trainer, method, rank, alpha, scaling, rule, rate, rateB, runSign(row), note];
  });
  return csvText([heading, ...lines]);
}

export function rowsAsMarkdown(rows: readonly RecipeRow[]): string {
  const cellsOf = (row: RecipeRow): string[] => {
    const { rank, alpha, scaling, rate } = row.numbers ?? {};
    const b = otherRateB(row);
    const rates = `${numberText(rate)}${b === null ? '' : ` (B ${numberText(b)})`}`;
    const numbers = [rank, alpha, scaling].map((n) => numberText(n));
    return [pathOf(row), row.trainer, row.method, ...numbers, rates, runSign(row)];
  };
  return `${markdownTable(COLUMNS, rows.map(cellsOf)).join('\n')}\n`;
}
