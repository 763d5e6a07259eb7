import type { TextEdit } from '../../reading';
import { lineEnd, lineEndingAt, lineStart } from '../lines';
import type { Entry } from '../tree';

/** A new entry, and the existing entry to insert it beside. */
export interface Neighbour {
  text: string;
  sibling: Entry;
  key: string;
  value: string;
}

/** An edit that inserts text and replaces nothing. */
export function insertion(at: number, text: string): TextEdit {
  return { range: { start: at, end: at }, text };
}

/** The end of a line that continues on the next: a shell's backslash, cmd's caret, PowerShell's backtick. */
function goingOn(line: string): { space: string; mark: string } | null {
  const shown = line.trimEnd();
  const mark = shown.slice(-1);
  if (!['\\', '^', '`'].includes(mark)) return null;
  return { mark, space: shown.slice(shown.slice(0, -1).trimEnd().length, -1) };
}

/** Adds `--key=value` or `--key value` after the sibling, in the style of the sibling. */
export function flagAfter(n: Neighbour): TextEdit[] {
  const { text, sibling, key, value } = n;
  const own = text.slice(sibling.keyRange.start, sibling.keyRange.end);
  const dashes = /^-+/.exec(own)?.[0] ?? '--';
  // Several words cannot follow a "=".
  const between = text[sibling.keyRange.end] === '=' && !value.startsWith('"') ? '=' : ' ';
  const name = hasDashes(text, own) ? key.replaceAll('_', '-') : key;
  return [wordBehind(n, `${dashes.length < 2 ? '--' : dashes}${name}${between}${value}`)];
}

/** Adds Hydra's `key=value` after the sibling, with its `+`. */
export function overrideAfter(n: Neighbour): TextEdit[] {
  const { text, sibling, key, value } = n;
  const plus = /\+*$/.exec(text.slice(lineStart(text, sibling.keyRange.start), sibling.keyRange.start))?.[0] ?? '';
  // A shell interprets blanks and braces.
  const quoted = /[\s{}[\]]/.test(value) ? `'${value}'` : value;
  return [wordBehind(n, `${key.startsWith('+') ? '' : plus}${key}=${quoted}`)];
}

/** Adds a `key=value` word to the same flag, with the sibling's quotes. */
export function pairAfter({ text, sibling, key, value }: Neighbour): TextEdit[] {
  const before = text[sibling.keyRange.start - 1] ?? ' ';
  const quote = before === '"' || before === "'" ? before : '';
  return [insertion(sibling.value.range.end + quote.length, ` ${quote}${key}=${value}${quote}`)];
}

/** Adds `NAME=value` on the line after the sibling's, with its `export`. */
export function assignmentAfter({ text, sibling, key, value }: Neighbour): TextEdit[] | null {
  const start = lineStart(text, sibling.keyRange.start);
  const before = text.slice(start, sibling.keyRange.start).replace(/^\uFEFF/, '');
  if (!/^\s*((export|set|declare|readonly|local)\s+)?$/i.test(before)) return null;
  const quote = sibling.value.kind === 'scalar' && sibling.value.quoted ? (text[sibling.value.range.start] ?? '') : '';
  const end = lineEnd(text, sibling.value.range.end);
  const written = `${before}${key}=${quote}${value}${quote}`;
  return [insertion(end, `${lineEndingAt(text, start)}${written}`)];
}

/** Whether names have dashes: as in the sibling, or else as in the first name of the text with a dash or underscore. */
function hasDashes(text: string, own: string): boolean {
  // Only names at the start of a word count, not the dashes of a path or a model.
  const telling = /(?<![\w./-])--?[A-Za-z][A-Za-z0-9.]*([-_])/;
  return (telling.exec(own) ?? telling.exec(text))?.[1] === '-';
}

/** Adds a word after the sibling's value; on a new continued line if the sibling has its own line. */
function wordBehind({ text, sibling }: Neighbour, word: string): TextEdit {
  const { keyRange, value } = sibling;
  const start = wordStart(text, keyRange.start);
  const quote = text[start] === '"' || text[start] === "'" ? (text[start] ?? '') : '';
  const last = Math.max(keyRange.end, value.range.end);
  // In `ARGS="--lr=1"` the quotes surround all flags.
  const isText = text[start - 1] === '=';
  const at = quote !== '' && !isText && text[last] === quote ? last + 1 : last;
  const written = at === last ? word : `${quote}${word}${quote}`;
  const lead = text.slice(lineStart(text, start), start);
  const rest = text.slice(at, lineEnd(text, at));
  const isAlone = /^[ \t]*$/.test(lead) && lineStart(text, start) > 0 && /^[\\^`]?$/.test(rest.trim());
  if (!isAlone) return insertion(at, ` ${written}`);
  const above = text.slice(0, Math.max(0, lineStart(text, start) - 1)).replace(/\r$/, '');
  const goesOn = goingOn(rest) ?? goingOn(above.slice(lineStart(above, above.length)));
  const joint = goesOn ? `${goesOn.space || ' '}${goesOn.mark}` : '';
  return insertion(at, `${joint}${lineEndingAt(text, start)}${lead}${written}`);
}

/** The start of the word with the flag's name: at its quote, or its `+`. */
function wordStart(text: string, keyStart: number): number {
  let start = keyStart;
  while (start > 0 && /["'+]/.test(text[start - 1] ?? '')) start -= 1;
  return start;
}
