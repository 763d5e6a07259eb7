import { describe, expect, it } from 'vitest';
import { columnAt, lineAt, lineEnd, lineEndingAt, lineStart } from '../../../../src/config/syntax/lines';

describe('lines', () => {
  const text = 'ab\r\nc\n\nd';

  it('counts lines and columns from one', () => {
    expect([0, 2, 4, 6, 7].map((offset) => [lineAt(text, offset), columnAt(text, offset)])).toEqual([
      [1, 1],
      [1, 3],
      [2, 1],
      [3, 1],
      [4, 1],
    ]);
  });

  it('finds where a line starts and ends', () => {
    expect([lineStart(text, 1), lineEnd(text, 1)]).toEqual([0, 2]);
    expect([lineStart(text, 4), lineEnd(text, 4)]).toEqual([4, 5]);
    expect([lineStart(text, 7), lineEnd(text, 7)]).toEqual([7, 8]);
    expect(lineEnd(text, 6)).toBe(6);
  });

  it('uses the line end that is in use nearby', () => {
    expect(lineEndingAt(text, 0)).toBe('\r\n');
    expect(lineEndingAt(text, 4)).toBe('\n');
    expect(lineEndingAt('a: 1\r\nb', 6)).toBe('\r\n');
    expect(lineEndingAt('a', 0)).toBe('\n');
  });
});
