import * as v from 'valibot';
import * as l10n from '@vscode/l10n';
import { type RecipeRow, textFilter } from '../../messages/recipes';
import { numberLabel } from '../../recipe/notation';
import { csvText, markdownTable } from '../page/table-text';

const COLUMN_IDS = ['file', 'trainer', 'rank', 'alpha', 'scaling', 'rate', 'run'] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

interface Column {
  id: ColumnId;
  heading: string;
  isNumber: boolean;
  /** What the column is sorted by; null comes last. The rows come in the order of their files. */
  valueOf: (row: RecipeRow) => string | number | null;
}

function textColumn(id: ColumnId, heading: string, valueOf: Column['valueOf']): Column {
  return { id, heading, isNumber: false, valueOf };
}

function numberColumn(id: 'rank' | 'alpha' | 'scaling' | 'rate', heading: string): Column {
  return { id, heading, isNumber: true, valueOf: ({ numbers }) => numbers?.[id] ?? null };
}

const RUN = l10n.t({ message: 'Run', comment: ['the noun: a training run'] });

export const COLUMNS: readonly Column[] = [
  textColumn('file', l10n.t('File'), () => ''),
  textColumn('trainer', l10n.t('Trainer'), ({ trainer }) => trainer),
  numberColumn('rank', l10n.t('Rank')),
  numberColumn('alpha', l10n.t('Alpha')),
  numberColumn('scaling', l10n.t('Scaling')),
  numberColumn('rate', l10n.t('Learning rate')),
  textColumn('run', RUN, ({ run }) => (run ? orderOf(run.letter) : null)),
];

/** What the page keeps over hiding, moving and reloading. */
const tableState = v.object({
  sort: v.object({ column: v.picklist(COLUMN_IDS), isDescending: v.boolean() }),
  filter: v.string(),
  /** Ids of the chosen rows, in the order they were chosen in. */
  chosen: v.array(v.string()),
  /** Id of the row that has the keyboard. */
  active: v.nullable(v.string()),
});
export type TableState = v.InferOutput<typeof tableState>;

const BEGINNING: TableState = { sort: { column: 'file', isDescending: false }, filter: '', chosen: [], active: null };

/** What VS Code kept of the page; the beginning where it is nothing, or of another version. */
export function stateFrom(kept: unknown): TableState {
  const parsed = v.safeParse(tableState, kept);
  return parsed.success ? parsed.output : BEGINNING;
}

/** The file and, where it has several recipes, which: `configs/a.toml · unet`. */
export function pathOf(row: RecipeRow): string {
  return row.recipe === '' ? fileOf(row) : `${fileOf(row)} · ${row.recipe}`;
}

export function fileOf({ folder, name }: RecipeRow): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** A number as the table shows it; `–` where there is none. */
export function numberText(value: number | null): string {
  return value === null ? '–' : numberLabel(value);
}

/** B's learning rate, where it is not that of A. */
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

/** Rows as CSV, for programs: English headings, numbers in full. */
export function rowsAsCsv(rows: readonly RecipeRow[]): string {
  const heading = ['file', 'recipe', 'trainer', 'rank', 'alpha', 'scaling', 'scaling_rule'];
  heading.push('learning_rate', 'learning_rate_b', 'run', 'note');
  const lines = rows.map((row) => {
    const { recipe, trainer, numbers, note } = row;
    return [
      fileOf(row),
      recipe,
      trainer,
      numbers?.rank ?? null,
      numbers?.alpha ?? null,
      numbers?.scaling ?? null,
      numbers?.rule ?? '',
      numbers?.rate ?? null,
      numbers?.rateB ?? null,
      runSign(row),
      note,
    ];
  });
  return csvText([heading, ...lines]);
}

/** Rows as a table in Markdown, as the page shows them. */
export function rowsAsMarkdown(rows: readonly RecipeRow[]): string {
  const cellsOf = (row: RecipeRow): string[] => {
    const { trainer, numbers } = row;
    const b = otherRateB(row);
    const rate = `${numberText(numbers?.rate ?? null)}${b === null ? '' : ` (B ${numberText(b)})`}`;
    const [rank, alpha, scaling] = [numbers?.rank, numbers?.alpha, numbers?.scaling].map((n) => numberText(n ?? null));
    return [pathOf(row), trainer, rank ?? '', alpha ?? '', scaling ?? '', rate, runSign(row)];
  };
  return markdownTable(COLUMNS, rows.map(cellsOf))
    .map((line) => `${line}\n`)
    .join('');
}
