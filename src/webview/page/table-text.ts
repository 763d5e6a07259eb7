type CellValue = string | number | null;

/** Rows as CSV (RFC 4180), with numbers in full. */
export function csvText(rows: readonly (readonly CellValue[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/**
 * A cell of a CSV file. Text that begins like a formula of a spreadsheet gets an apostrophe before it.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function csvCell(value: CellValue): string {
  if (typeof value !== 'string') return String(value ?? '');
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The lines of a table in Markdown. */
export function markdownTable(
  columns: readonly { heading: string; name?: string }[],
  rows: readonly (readonly string[])[],
): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownCell).join(' | ')} |`;
  const rule = `| ${columns.map(({ name }) => (name === 'number' ? '-:' : '-')).join(' | ')} |`;
  return [line(columns.map(({ heading }) => heading)), rule, ...rows.map(line)];
}

function markdownCell(text: string): string {
  return text.replace(/\s/g, ' ').replace(/[\\`*_{}[\]<>|~&]/g, '\\$&');
}
