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
  if (!('dict' in value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  const items = Object.entries(value.dict).map(([key, item]) => `${JSON.stringify(key)}: ${pythonLiteral(item)}`);
  return `{${items.join(', ')}}`;
}

/** `dict(r=16, bias="none")`: keyword arguments, whose names are identifiers. */
export function pythonKeywords(values: Readonly<Record<string, PythonValue>>): string {
  const keywords = Object.entries(values).map(([name, value]) => `${name}=${pythonLiteral(value)}`);
  return `dict(${keywords.join(', ')})`;
}

/** A section of a Python file, below the comment that begins it: `# --- imports ---`. */
export function sectionOf(source: string, name: string): string {
  const [, section = ''] = source.split(`# --- ${name} ---\n`);
  return (section.split(/^# --- /m)[0] ?? '').trim();
}

const WIDTH = 124;

/** A docstring of Python that begins with `mark`, in lines of words: each paragraph begins a line. */
export function docstring(mark: string, paragraphs: readonly string[]): string {
  const lines = [mark];
  paragraphs.forEach((paragraph, i) => {
    if (i > 0) lines.push('');
    // Argparse shows the text as help.
    const plain = paragraph
      .replace(/\p{Cc}/gu, ' ')
      .replaceAll('\\', '/')
      .replaceAll('"""', "'''")
      .replaceAll('%(', '% (');
    // `k = 4` stays whole.
    for (const word of plain.split(/(?<! =) (?!= )/)) {
      const line = lines.at(-1) ?? '';
      if (line.length + word.length >= WIDTH) lines.push(word);
      else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    }
  });
  return `${lines.join('\n')}"""`;
}
