import type { TextEdit } from '../../reading';
import { lineEnd, lineEndingAt, lineStart } from '../lines';
import { assignmentAfter, flagAfter, insertion, overrideAfter, pairAfter, type Neighbour } from './insert-word';
import { pythonItem, pythonStatement } from '../python/insert';
import type { Entry, Home, Sibling } from '../tree';

type Insertion = (neighbour: Neighbour) => TextEdit[] | null;

const INSERTIONS: Readonly<Record<Home, Insertion>> = {
  'yaml-block': (n) => ownLine(n, `${n.key}:${/^\s/.test(n.value) ? '' : ' '}${n.value}`, /^[\s\uFEFF]*(- +)*$/),
  'yaml-flow': (n) => [insertion(n.sibling.value.range.end, `, ${n.key}: ${n.value}`)],
  // A new key repeats the prefix of its neighbour's dotted key.
  'toml-table': (n) => ownLine(n, `${n.key} = ${n.value}`, /^[^=#{]*$/),
  'toml-inline': (n) => [insertion(n.sibling.value.range.end, `, ${n.key} = ${n.value}`)],
  json: jsonMember,
  argument: (n) => [argumentAfter(n)],
  'argument-text': (n) => [insertion(n.sibling.value.range.end, `,${n.key}=${n.value}`)],
  'argument-words': (n) => [wordAfter(n)],
  // In a string of flags, quotes would become part of the string.
  'flag-words': (n) => [insertion(n.sibling.value.range.end, ` --${n.key}=${n.value.replaceAll('"', '')}`)],
  'python-argument': (n) => pythonItem(n.text, n.sibling, n.key, n.value),
  'python-dict': (n) => pythonItem(n.text, n.sibling, n.key, n.value),
  'python-statement': (n) => pythonStatement(n.text, n.sibling, n.key, n.value),
  'shell-flag': flagAfter,
  'shell-override': overrideAfter,
  'shell-argument': pairAfter,
  'shell-assignment': assignmentAfter,
};

/**
 * The edits that add `key` with `value` after `sibling`, in the sibling's style: its indentation, its line end,
 * its separators. Null if no entry can be added there. `value` is written unchanged.
 */
export function insertAfter(text: string, sibling: Sibling, key: string, value: string): TextEdit[] | null {
  return INSERTIONS[sibling.home]({ text, sibling, key, value });
}

/** Adds a line after the sibling's, which keeps its trailing comment. */
function ownLine({ text, sibling }: Neighbour, line: string, allowed: RegExp): TextEdit[] | null {
  const before = text.slice(lineStart(text, sibling.keyRange.start), sibling.keyRange.start);
  if (!allowed.test(before)) return null;
  const lead = before.replace(/^\uFEFF/, '');
  const indent = /^[\s-]*$/.test(lead) ? lead.replaceAll('-', ' ') : lead;
  // A block of YAML ends where the next line begins.
  const last = text.slice(0, sibling.value.range.end).trimEnd().length;
  const end = lineEnd(text, Math.max(last, sibling.keyRange.end));
  return [insertion(end, `${lineEndingAt(text, sibling.keyRange.start)}${indent}${line}`)];
}

function jsonMember({ text, sibling, key, value }: Neighbour): TextEdit[] {
  const before = text.slice(lineStart(text, sibling.keyRange.start), sibling.keyRange.start);
  const colon = text.slice(sibling.keyRange.end, sibling.value.range.start);
  // Some trainers accept keys with and without dashes; a new key follows its neighbour.
  const dashes = text.startsWith('--', sibling.keyRange.start + 1) ? '--' : '';
  const member = `${JSON.stringify(dashes + key)}${/^\s*:\s*$/.test(colon) ? colon : ': '}${value}`;
  const valueEnd = sibling.value.range.end;
  if (!/^\s*$/.test(before) || !text.slice(0, sibling.keyRange.start).includes('\n')) {
    return [insertion(valueEnd, `, ${member}`)];
  }
  const behind = text.slice(valueEnd, lineEnd(text, valueEnd)).trimStart();
  const rest = /^(,?)(\s*|\s*\/\/.*)$/.exec(behind.startsWith(',') ? `,${behind.slice(1).trimStart()}` : behind);
  const line = `${lineEndingAt(text, sibling.keyRange.start)}${before}${member}`;
  if (!rest) return [insertion(valueEnd, `,${line}`)];
  const end = lineEnd(text, valueEnd);
  // If the sibling has a trailing comma, the new line gets one; if not, the sibling gets one.
  return rest[1] ? [insertion(end, `${line},`)] : merge(insertion(valueEnd, ','), insertion(end, line));
}

function merge(comma: TextEdit, line: TextEdit): TextEdit[] {
  if (comma.range.start !== line.range.start) return [comma, line];
  return [{ range: line.range, text: comma.text + line.text }];
}

/** Adds `"key=value"` after the sibling's, with its quotes; on a new line if the sibling has its own line. */
function argumentAfter({ text, sibling, key, value }: Neighbour): TextEdit {
  // The sibling's key starts after its opening quote, and its value ends before the closing quote.
  const quote = text[sibling.keyRange.start - 1] ?? '"';
  const at = sibling.value.range.end + 1;
  const start = lineStart(text, sibling.keyRange.start);
  const before = text.slice(start, sibling.keyRange.start - 1);
  const gap = /^\s+$/.test(before) ? lineEndingAt(text, sibling.keyRange.start) + before : ' ';
  return insertion(at, `,${gap}${quote}${key}=${value}${quote}`);
}

/** Adds `key=value` after the sibling's, with its quotes as the file writes them (`\\"` in JSON). */
function wordAfter({ text, sibling, key, value }: Neighbour): TextEdit {
  const quote = /(?:\\?["'])?$/.exec(text.slice(0, sibling.keyRange.start))?.[0] ?? '';
  const end = sibling.value.range.end;
  // A bare double quote ends JSON's string of all words, so it may follow the last word.
  const isQuoted =
    !['', '"'].includes(quote) && text.startsWith(quote, end) && /[\s"]/.test(text[end + quote.length] ?? '');
  const own = isQuoted ? quote : '';
  return insertion(end + own.length, ` ${own}${key}=${value}${own}`);
}

/**
 * The edit that appends an item to a YAML list, in the list's own notation.
 * @param item plain text, which needs no quotes
 * @returns null where the list stands elsewhere (an alias), or its last item is written in another way
 */
export function appendItem(text: string, { keyRange, value }: Entry, item: string): TextEdit | null {
  if (value.kind !== 'list') return null;
  const { items, range } = value;
  // Only blanks and comments stand between the key and a list of its own: no anchor, tag or alias.
  if (!/^\s*:(?:\s|#[^\n]*\n)*$/.test(text.slice(keyRange.end, range.start))) return null;
  const isFlow = text[range.start] === '[';
  const last = items.at(-1);
  if (!last) return isFlow ? { range, text: `[${item}]` } : null;
  if (last.kind !== 'scalar') return null;
  if (isFlow) return insertion(last.range.end, `, ${item}`);
  const dash = /^(\s*-\s+)$/.exec(text.slice(lineStart(text, last.range.start), last.range.start))?.[1];
  if (dash === undefined) return null;
  return insertion(lineEnd(text, last.range.end), `${lineEndingAt(text, last.range.start)}${dash}${item}`);
}
