import type { RecipeRow } from '../../messages/recipes';
import { csvText, markdownTable } from '../page/table-text';
import { COLUMNS, fileOf, numberText, otherRateB, pathOf, runSign } from './table/columns';

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
