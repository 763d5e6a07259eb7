/** The number a Python literal stands for: `16`, `1_000`, `.5`, `1e-4`, `0x10`; undefined for a complex one. */
export function pythonNumber(raw: string): number | undefined {
  const plain = raw.replaceAll('_', '');
  return /[jJ]$/.test(plain) && !/^0[xX]/.test(plain) ? undefined : Number(plain);
}

/** A string token taken apart. */
interface StringToken {
  /** Offsets within the token of what stands between its quotes. */
  start: number;
  end: number;
  /** What the token says; null for bytes, and for escapes outside of a raw string. */
  value: string | null;
}

const TOKEN = /^([A-Za-z]{0,2})("""|'''|"|')/;

/** Take a string token apart; null for a token that is not closed. */
export function stringToken(raw: string): StringToken | null {
  const [, prefix = '', quotes = ''] = TOKEN.exec(raw) ?? [];
  const start = prefix.length + quotes.length;
  if (quotes === '' || raw.length < start + quotes.length || !raw.endsWith(quotes)) return null;
  const end = raw.length - quotes.length;
  const inside = raw.slice(start, end);
  const isKnown = !/b/i.test(prefix) && (/r/i.test(prefix) || !inside.includes('\\'));
  return { start, end, value: isKnown ? inside : null };
}
