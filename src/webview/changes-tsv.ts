import type { ChangeRow } from '../messages/panel';

/** The table of changes as tab-separated values, with a heading; tabs and line ends inside a text become blanks. */
export function changesAsTsv(rows: readonly ChangeRow[], alpha: number): string {
  const heading = ['hyperparameter', 'now', `at alpha ${alpha}`, 'factor', 'why', 'note'];
  const cells = rows.map(({ key, from, to, law, why, note }) => [key, from, to, law, why, note]);
  return [heading, ...cells].map((row) => row.map((cell) => cell.replace(/\s/g, ' ')).join('\t')).join('\n') + '\n';
}
