import type { TextEdit } from '../reading';

/**
 * `text` after all `edits`, whose ranges are those of the text before any of them.
 * Insertions at the same place come in the order they are given.
 * @throws RangeError when two edits overlap
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let done = 0;
  for (const { range, text: replacement } of edits.toSorted((a, b) => a.range.start - b.range.start)) {
    if (range.start < done) throw new RangeError(`two edits overlap at offset ${range.start}`);
    result += text.slice(done, range.start) + replacement;
    done = range.end;
  }
  return result + text.slice(done);
}
