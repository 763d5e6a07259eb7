import type { TextEdit } from '../../reading';
import { lineEnd, lineEndingAt, lineStart } from '../lines';
import type { Entry, Home, Sibling } from '../tree';

/** A new entry, and the existing entry to insert it beside. */
interface Neighbour {
  text: string;
  sibling: Entry;
  key: string;
  value: string;
}

const behindValue = (n: Neighbour, added: string): TextEdit[] => [insertion(n.sibling.value.range.end, added)];

const INSERTIONS: Readonly<Record<Home, (neighbour: Neighbour) => TextEdit[] | null>> = {
  'yaml-block': (n) => ownLine(n, `${n.key}:${/^\s/.test(n.value) ? '' : ' '}${n.value}`, /^[\s\uFEFF]*(- +)*$/),
  'yaml-flow': (n) => behindValue(n, `, ${n.key}: ${n.value}`),
  // A new key repeats the prefix of its neighbour's dotted key.
  'toml-table': (n) => ownLine(n, `${n.key} = ${n.value}`, /^[^=#{]*$/),
  'toml-inline': (n) => behindValue(n, `, ${n.key} = ${n.value}`),
  json: jsonMember,
  argument: pairInList,
  'argument-text': (n) => behindValue(n, `,${n.key}=${n.value}`),
  // A bare double quote may end JSON's string of all words.
  'argument-words': (n) => pairAfter(n, /[\s"]/, /(?:\\["']|')?$/),
  'python-argument': pythonItem,
  'python-dict': pythonItem,
  'python-statement': () => null,
  'shell-flag': flagAfter,
  'shell-override': overrideAfter,
  'shell-argument': (n) => pairAfter(n, /^/, /["']?$/),
};

/**
 * The edits that add `key` with `value` after `sibling`, in the sibling's style: its indentation, its line end,
 * its separators. Null if no entry can be added there. `value` is written unchanged.
 */
export function insertAfter(text: string, sibling: Sibling, key: string, value: string): TextEdit[] | null {
  return INSERTIONS[sibling.home]({ text, sibling, key, value });
}

const insertion = (at: number, text: string): TextEdit => ({ range: { start: at, end: at }, text });

const leadOf = (text: string, at: number): string => text.slice(lineStart(text, at), at);

/** Adds a line after the sibling's, which keeps its trailing comment. */
function ownLine({ text, sibling }: Neighbour, line: string, allowed: RegExp): TextEdit[] | null {
  const before = leadOf(text, sibling.keyRange.start);
  if (!allowed.test(before)) return null;
  const lead = before.replace(/^\uFEFF/, '');
  const indent = /^[\s-]*$/.test(lead) ? lead.replaceAll('-', ' ') : lead;
  // A block of YAML ends where the next line begins.
  const last = text.slice(0, sibling.value.range.end).trimEnd().length;
  const end = lineEnd(text, Math.max(last, sibling.keyRange.end));
  return [insertion(end, `${lineEndingAt(text, sibling.keyRange.start)}${indent}${line}`)];
}

function jsonMember({ text, sibling, key, value }: Neighbour): TextEdit[] {
  const { keyRange, value: own } = sibling;
  const before = leadOf(text, keyRange.start);
  const colon = text.slice(keyRange.end, own.range.start);
  // Some trainers accept keys with and without dashes; a new key follows its neighbour.
  const dashes = text.startsWith('--', keyRange.start + 1) ? '--' : '';
  const member = `${JSON.stringify(dashes + key)}${/^\s*:\s*$/.test(colon) ? colon : ': '}${value}`;
  const valueEnd = own.range.end;
  if (!/^\s*$/.test(before) || !text.slice(0, keyRange.start).includes('\n')) {
    return [insertion(valueEnd, `, ${member}`)];
  }
  const end = lineEnd(text, valueEnd);
  const line = `${lineEndingAt(text, keyRange.start)}${before}${member}`;
  const [isLast, comma] = /^(,?)\s*(?:\/\/.*)?$/.exec(text.slice(valueEnd, end).trim()) ?? [];
  if (isLast === undefined) return [insertion(valueEnd, `,${line}`)];
  // If the sibling has a trailing comma, the new line gets one; if not, the sibling gets one.
  if (comma) return [insertion(end, `${line},`)];
  return end === valueEnd ? [insertion(end, `,${line}`)] : [insertion(valueEnd, ','), insertion(end, line)];
}

/** Adds `"key=value"` after the sibling's, with its quotes; on a new line if the sibling has its own line. */
function pairInList({ text, sibling, key, value }: Neighbour): TextEdit[] {
  // The sibling's key starts after its opening quote, and its value ends before the closing quote.
  const { start } = sibling.keyRange;
  const quote = text[start - 1] ?? '"';
  const before = leadOf(text, start).slice(0, -1);
  const gap = /^\s+$/.test(before) ? lineEndingAt(text, start) + before : ' ';
  return [insertion(sibling.value.range.end + 1, `,${gap}${quote}${key}=${value}${quote}`)];
}

/**
 * Adds a word `key=value` after the sibling's, with its quotes as the file writes them (`\"` in JSON).
 * @param behind matches what has to stand behind the closing quote
 * @param opening matches the quote before the sibling's key
 */
function pairAfter({ text, sibling, key, value }: Neighbour, behind: RegExp, opening: RegExp): TextEdit[] {
  const quote = opening.exec(text.slice(0, sibling.keyRange.start))?.[0] ?? '';
  const { end } = sibling.value.range;
  const own = text.startsWith(quote, end) && behind.test(text[end + quote.length] ?? '') ? quote : '';
  return [insertion(end + own.length, ` ${own}${key}=${value}${own}`)];
}

/** A layout of Python whose lines begin with the comma behind the line above. */
const COMMA_BELOW = /^(?:\s|#[^\n]*\n)*,/;

/**
 * Another `key=value` behind an argument, or `"key": value` behind an entry of a dict: on a line of its own where the
 * neighbour has one, and then with a comma at its end, so that several can follow each other. Null where the line goes
 * on in a way that leaves no room.
 */
function pythonItem(n: Neighbour): TextEdit[] | null {
  const { text, key, value, sibling } = n;
  const { keyRange, home, value: neighbour } = sibling;
  // A call or a dict that nothing closes, as while it is being typed.
  if (!/[)\]}]/.test(text.slice(neighbour.range.end))) return null;
  const mark = text.slice(keyRange.end, neighbour.range.start);
  const quote = home === 'python-dict' ? (/["']/.exec(text.slice(keyRange.start, keyRange.end))?.[0] ?? '"') : '';
  const usual = quote === '' ? '=' : ': ';
  const item = `${quote}${key}${quote}${/^[ \t]*[=:][ \t]*$/.test(mark) ? mark : usual}${value}`;
  const before = leadOf(text, keyRange.start);
  const end = lineEnd(text, neighbour.range.end);
  const rest = /^(,?)[ \t]*(?:#.*)?$/.exec(text.slice(neighbour.range.end, end).trimStart());
  const isOwnLine = /^[ \t]*$/.test(before) && lineStart(text, keyRange.start) > 0;
  if (!isOwnLine || !rest || (!rest[1] && COMMA_BELOW.test(text.slice(end)))) return behindValue(n, `, ${item}`);
  const line = insertion(end, `${lineEndingAt(text, keyRange.start)}${before}${item},`);
  return rest[1] ? [line] : [...behindValue(n, ','), line];
}

/** Adds `--key=value` or `--key value` after the sibling, in the style of the sibling. */
function flagAfter(n: Neighbour): TextEdit[] {
  const { text, sibling, key, value } = n;
  const own = text.slice(sibling.keyRange.start, sibling.keyRange.end);
  const dashes = /^--+/.exec(own)?.[0] ?? '--';
  // Several words cannot follow a "=".
  const between = text[sibling.keyRange.end] === '=' && !value.startsWith('"') ? '=' : ' ';
  // Only names at the start of a word tell whether names have dashes, not the dashes of a path or a model.
  const telling = /(?<![\w./-])--?[A-Za-z][A-Za-z0-9.]*([-_])/;
  const hasDashes = (telling.exec(own) ?? telling.exec(text))?.[1] === '-';
  return [wordBehind(n, `${dashes}${hasDashes ? key.replaceAll('_', '-') : key}${between}${value}`)];
}

/** Adds Hydra's `key=value` after the sibling, with its `+`. */
function overrideAfter(n: Neighbour): TextEdit[] {
  const plus = /\+*$/.exec(leadOf(n.text, n.sibling.keyRange.start))?.[0] ?? '';
  // A shell interprets blanks and braces.
  const quoted = /[\s{}[\]]/.test(n.value) ? `'${n.value}'` : n.value;
  return [wordBehind(n, `${n.key.startsWith('+') ? '' : plus}${n.key}=${quoted}`)];
}

/** Adds a word after the sibling's value; on a new continued line if the sibling has its own line. */
function wordBehind({ text, sibling }: Neighbour, word: string): TextEdit {
  const { keyRange, value } = sibling;
  // The word with the flag's name starts at its quote, or its `+`.
  let { start } = keyRange;
  while (/["'+]/.test(text[start - 1] ?? '')) start -= 1;
  const [quote = ''] = /^["']/.exec(text[start] ?? '') ?? [];
  const last = Math.max(keyRange.end, value.range.end);
  // In `ARGS="--lr=1"` the quotes surround all flags.
  const isQuoted = quote !== '' && text[start - 1] !== '=' && text[last] === quote;
  const at = isQuoted ? last + 1 : last;
  const written = isQuoted ? `${quote}${word}${quote}` : word;
  const lead = leadOf(text, start);
  const rest = text.slice(at, lineEnd(text, at));
  const isAlone = /^[ \t]*$/.test(lead) && lineStart(text, start) > 0 && /^[\\^`]?$/.test(rest.trim());
  if (!isAlone) return insertion(at, ` ${written}`);
  // The end of a line that continues on the next: a shell's backslash, cmd's caret, PowerShell's backtick.
  const above = leadOf(text, Math.max(0, lineStart(text, start) - 1));
  const joints = [rest, above].map((line) => line.trimEnd()).filter((line) => /[\\^`]$/.test(line));
  const [joint = ''] = joints.map((line) => line.slice(line.slice(0, -1).trimEnd().length));
  const spaced = joint.length === 1 ? ` ${joint}` : joint;
  return insertion(at, `${spaced}${lineEndingAt(text, start)}${lead}${written}`);
}
