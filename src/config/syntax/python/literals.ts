/** The number a Python literal stands for: `16`, `1_000`, `.5`, `1e-4`, `0x10`; undefined for a complex one. */
export function pythonNumber(raw: string): number | undefined {
  const plain = raw.replaceAll('_', '');
  return /[jJ]$/.test(plain) && !/^0[xX]/.test(plain) ? undefined : Number(plain);
}

/** A string token taken apart: its prefix, its quotes, and what stands between them. */
export interface StringToken {
  prefix: string;
  quotes: string;
  /** Offsets within the token. */
  start: number;
  end: number;
  /** What the token says; null for bytes and for escapes that need a table of names. */
  value: string | null;
  /** Whether the token says what it means letter by letter. */
  isPlain: boolean;
}

const TOKEN = /^([A-Za-z]{0,2})("""|'''|"|')/;

/** Take a string token apart; null for a token that is not closed. */
export function stringToken(raw: string): StringToken | null {
  const [, prefix = '', quotes = ''] = TOKEN.exec(raw) ?? [];
  const start = prefix.length + quotes.length;
  if (quotes === '' || raw.length < start + quotes.length || !raw.endsWith(quotes)) return null;
  const end = raw.length - quotes.length;
  const inside = raw.slice(start, end);
  const isRaw = /r/i.test(prefix);
  const value = /b/i.test(prefix) ? null : isRaw ? inside : unescaped(inside);
  return { prefix, quotes, start, end, value, isPlain: value === inside };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** @see https://docs.python.org/3/reference/lexical_analysis.html (escape sequences) */
function unescaped(inside: string): string | null {
  if (!inside.includes('\\')) return inside;
  if (/\\N\{/.test(inside)) return null;
  return inside.replace(
    /\\(?:(\r?\n)|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g,
    (whole, line?: string, octal?: string, hex?: string, short?: string, long?: string, letter?: string) => {
      if (line !== undefined) return '';
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
      const code = parseInt(hex ?? short ?? long ?? '', 16);
      if (!Number.isNaN(code)) return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      return ESCAPES[letter ?? ''] ?? whole;
    },
  );
}
