import type { TextEdit } from '../reading';
import { lineEnd, lineStart } from './lines';
import type { Entry } from './tree';

/**
 * The edits that take an entry out, with its line where it stands on one of its own; null where that cannot be done.
 * A comment behind the value goes with it.
 */
export function removeEntry(text: string, { home, keyRange, value }: Entry): TextEdit[] | null {
  if (home !== 'yaml-block' && home !== 'toml-table') return null;
  const start = lineStart(text, keyRange.start);
  const end = lineEnd(text, Math.max(value.range.end, keyRange.end));
  const isOwnLine = /^[\s\uFEFF]*$/.test(text.slice(start, keyRange.start));
  if (!isOwnLine) return null;
  const feed = text.startsWith('\r\n', end) ? 2 : text.startsWith('\n', end) ? 1 : 0;
  return [{ range: { start, end: end + feed }, text: '' }];
}
