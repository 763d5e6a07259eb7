import type { RecipeRow } from '../../messages/recipes';
import { COLUMNS, fileOf, numberText, otherRateB, pathOf, runSign } from './columns';

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
  return [heading, ...lines].map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
}

/**
 * A cell of a CSV file. What comes from files is text, so it is kept from being a formula of a spreadsheet.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as a table in Markdown, as the page shows them. */
export function rowsAsMarkdown(rows: readonly RecipeRow[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownCell).join(' | ')} |\n`;
  const cellsOf = (row: RecipeRow): string[] => {
    const { trainer, numbers } = row;
    const b = otherRateB(row);
    const rate = `${numberText(numbers?.rate ?? null)}${b === null ? '' : ` (B ${numberText(b)})`}`;
    const [rank, alpha, scaling] = [numbers?.rank, numbers?.alpha, numbers?.scaling].map((n) => numberText(n ?? null));
    return [pathOf(row), trainer, rank ?? '', alpha ?? '', scaling ?? '', rate, runSign(row)];
  };
  return [
    line(COLUMNS.map(({ heading }) => heading)),
    `| ${COLUMNS.map(({ isNumber }) => (isNumber ? '-:' : '-')).join(' | ')} |\n`,
    ...rows.map((row) => line(cellsOf(row))),
  ].join('');
}

function markdownCell(text: string): string {
  return text.replace(/\s/g, ' ').replace(/[\\`*_{}[\]<>|~&]/g, '\\$&');
}
