/** A number as a Python float literal, with all its digits. */
export function pythonNumber(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A set of texts. */
export function pythonSet(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text}"`).join(', ')}}`;
}

/** A tuple of texts. */
export function pythonTuple(texts: readonly string[]): string {
  return `(${texts.map((text) => `"${text}"`).join(', ')}${texts.length === 1 ? ',' : ''})`;
}

/** Lines as one text, each behind `indent`; empty lines stay empty. */
export function indented(lines: readonly string[], indent: string): string {
  return lines.map((line) => (line === '' ? line : indent + line)).join('\n');
}
