/** A number as a Python float literal, with all its digits. */
export function pythonNumber(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A Python set of strings. */
export function pythonSet(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text}"`).join(', ')}}`;
}

/** A Python tuple of strings. */
export function pythonTuple(texts: readonly string[]): string {
  return `(${texts.map((text) => `"${text}"`).join(', ')}${texts.length === 1 ? ',' : ''})`;
}

/** Joins lines, each after `indent`; empty lines stay empty. */
export function indented(lines: readonly string[], indent: string): string {
  return lines.map((line) => (line === '' ? line : indent + line)).join('\n');
}
