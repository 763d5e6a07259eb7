/** A value of Python. A tuple is an object, so that it is no list. */
export type PythonValue =
  | string
  | number
  | boolean
  | null
  | readonly PythonValue[]
  | { tuple: readonly PythonValue[] }
  | { dict: Readonly<Record<string, PythonValue>> };

/** Python source of a value. Strings are written as JSON writes them, whose escapes Python has as well. */
export function pythonLiteral(value: PythonValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `float("${value}")`;
  if (typeof value === 'string') return JSON.stringify(value);
  if ('tuple' in value) return `(${value.tuple.map(pythonLiteral).join(', ')}${value.tuple.length === 1 ? ',' : ''})`;
  if ('dict' in value) {
    const items = Object.entries(value.dict).map(([key, item]) => `${JSON.stringify(key)}: ${pythonLiteral(item)}`);
    return `{${items.join(', ')}}`;
  }
  return `[${value.map(pythonLiteral).join(', ')}]`;
}

/** `dict(r=16, bias="none")`: keyword arguments, whose names are identifiers. */
export function pythonKeywords(values: Readonly<Record<string, PythonValue>>): string {
  return `dict(${keywordsOf(values)})`;
}

function keywordsOf(values: Readonly<Record<string, PythonValue>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${pythonLiteral(value)}`)
    .join(', ');
}

const WIDTH = 124;

/** A line may end here: `k = 4` stays whole. */
const BREAK = /(?<! =) (?!= )/;

/** A text that can stand in a docstring of Python, and that argparse can show as help. */
function plain(text: string): string {
  return text
    .replace(/\p{Cc}/gu, ' ')
    .replaceAll('\\', '/')
    .replaceAll('"""', "'''")
    .replaceAll('%(', '% (');
}

/** A docstring of Python that begins with `mark`, in lines of words: each paragraph begins a line. */
export function docstring(mark: string, paragraphs: readonly string[]): string {
  const lines = [mark];
  paragraphs.forEach((paragraph, i) => {
    if (i > 0) lines.push('');
    for (const word of plain(paragraph).split(BREAK)) {
      const line = lines.at(-1) ?? '';
      if (line.length + word.length >= WIDTH) lines.push(word);
      else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    }
  });
  return `${lines.join('\n')}"""`;
}
