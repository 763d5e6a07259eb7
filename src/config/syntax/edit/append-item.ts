import type { TextEdit } from '../../reading';
import { lineEnd, lineEndingAt, lineStart } from '../lines';
import type { Entry } from '../tree';
import { insertion } from './insertion';

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
