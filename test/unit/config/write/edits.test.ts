import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../src/config/write/edits';

const edit = (start: number, end: number, text: string): { range: { start: number; end: number }; text: string } => ({
  range: { start, end },
  text,
});

describe('applyEdits', () => {
  it('replaces and inserts, in any order', () => {
    expect(applyEdits('abcdef', [edit(4, 5, 'X'), edit(0, 1, ''), edit(6, 6, '!')])).toBe('bcdXf!');
  });

  it('keeps the order of insertions at one place', () => {
    expect(applyEdits('ab', [edit(1, 1, '1'), edit(1, 1, '2')])).toBe('a12b');
  });

  it('leaves the text alone without edits', () => {
    expect(applyEdits('\uFEFFa\r\n', [])).toBe('\uFEFFa\r\n');
  });

  it('refuses edits that overlap', () => {
    expect(() => applyEdits('abcd', [edit(0, 3, ''), edit(2, 4, '')])).toThrow(RangeError);
  });
});
