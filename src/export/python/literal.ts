/** A value of Python. A tuple is an object, so that it is no list. */
export type PythonValue =
  | string
  | number
  | boolean
  | null
  | readonly PythonValue[]
  | { tuple: readonly PythonValue[] }
  | { dict: Readonly<Record<string, PythonValue>> }
  | { keywords: Readonly<Record<string, PythonValue>> };

/** Columns of exported files, which are laid out as `ruff format --line-length 100` does it. */
const WIDTH = 100;

/** A string as ruff writes it: in the quotes that need fewer escapes. Python has JSON's escapes as well. */
function stringLiteral(text: string): string {
  const escaped = JSON.stringify(text);
  if (text.split('"').length <= text.split("'").length) return escaped;
  const inner = escaped.slice(1, -1).replaceAll(String.raw`\"`, '"');
  return `'${inner.replaceAll("'", String.raw`\'`)}'`;
}

/** The brackets of a value with its items, each behind its name; null for a plain value. */
function partsOf(
  value: PythonValue,
): { open: string; close: string; items: [name: string, item: PythonValue][] } | null {
  if (value === null || typeof value !== 'object') return null;
  const unnamed = (items: readonly PythonValue[]): [string, PythonValue][] => items.map((item) => ['', item]);
  if ('tuple' in value) return { open: '(', close: ')', items: unnamed(value.tuple) };
  const named = (items: Readonly<Record<string, PythonValue>>, nameOf: (key: string) => string) =>
    Object.entries(items).map(([key, item]): [string, PythonValue] => [nameOf(key), item]);
  if ('dict' in value) {
    return { open: '{', close: '}', items: named(value.dict, (key) => `${stringLiteral(key)}: `) };
  }
  if (!('keywords' in value)) return { open: '[', close: ']', items: unnamed(value) };
  return { open: 'dict(', close: ')', items: named(value.keywords, (key) => `${key}=`) };
}

/** Python source of a value, on one line. */
export function pythonLiteral(value: PythonValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `float("${value}")`;
  if (typeof value === 'string') return stringLiteral(value);
  const { open = '', close = '', items = [] } = partsOf(value) ?? {};
  const isSingle = 'tuple' in value && items.length === 1;
  return `${open}${items.map(([name, item]) => name + pythonLiteral(item)).join(', ')}${isSingle ? ',' : ''}${close}`;
}

/** A value behind `before` on its line: on that line if it fits, else an item a line. A long text is cut at blanks. */
function laidOut(before: string, value: PythonValue, indent: string, after = ''): string {
  const flat = `${before}${pythonLiteral(value)}${after}`;
  const inner = `${indent}    `;
  if (flat.length <= WIDTH) return flat;
  const parts = partsOf(value);
  if (parts) {
    const lines = parts.items.map(([name, item]) => `${laidOut(inner + name, item, inner, ',')}\n`);
    return `${before}${parts.open}\n${lines.join('')}${indent}${parts.close}${after}`;
  }
  if (typeof value !== 'string' || !value.includes(' ')) return flat;
  const pieces = wordsIn(value, WIDTH - inner.length - 4).map((piece, i, all) => {
    return `${inner}${stringLiteral(i < all.length - 1 ? `${piece} ` : piece)}\n`;
  });
  return `${before}(\n${pieces.join('')}${indent})${after}`;
}

/** `name = value` */
export const assignment = (name: string, value: PythonValue): string => laidOut(`${name} = `, value, '');

/** The words of a text in lines of at most so many characters. */
function wordsIn(text: string, width: number): string[] {
  const lines = [''];
  // `k = 4` stays whole.
  for (const word of text.split(/(?<! =) (?!= )/)) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

/** A section of a Python file, below the comment that begins it: `# --- imports ---`. */
export function sectionOf(source: string, name: string): string {
  const [, section = ''] = source.split(`# --- ${name} ---\n`);
  return (section.split(/^# --- /m)[0] ?? '').trim();
}

/** A docstring of Python that begins with `mark`, in lines of words: each paragraph begins a line. */
export function docstring(mark: string, paragraphs: readonly string[]): string {
  const lines = paragraphs.flatMap((paragraph, i) => {
    // Argparse shows the text as help.
    const plain = paragraph
      .replace(/\p{Cc}/gu, ' ')
      .replaceAll('\\', '/')
      .replaceAll('"""', "'''")
      .replaceAll('%(', '% (');
    return wordsIn(i === 0 ? `${mark} ${plain}` : plain, WIDTH - 3);
  });
  return `${lines.join('\n').trim()}"""\n`;
}
