import type { TextEdit } from '../../config/reading';

/**
 * The edits that turn `applyEdits(text, edits)` back into `text`.
 * @throws RangeError when two edits overlap
 */
export function invertedEdits(text: string, edits: readonly TextEdit[]): TextEdit[] {
  let moved = 0;
  return edits
    .toSorted((a, b) => a.range.start - b.range.start)
    .map(({ range: { start, end }, text: replacement }) => {
      const range = { start: start + moved, end: start + moved + replacement.length };
      moved += replacement.length - (end - start);
      return { range, text: text.slice(start, end) };
    });
}
