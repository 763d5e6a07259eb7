/** A Markdown table as lines. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

export function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** `=` for the same bits, else two digits. */
export function size(deviation: number): string {
  if (deviation === 0) return '=';
  return Number.isFinite(deviation) ? deviation.toExponential(1) : 'diverges';
}
