import { describe, expect, it } from 'vitest';
import { editsInFile, locate, partOf, wholeFile, type Document } from '../../../../src/config/documents/document';

const FILE = 'cat > a.yml <<EOF\nlora_r: 8\nEOF\n';
const body = partOf(wholeFile(FILE, 'shell'), { start: 18, end: 28 }, 'yaml');

/** Two pieces of a file, `ab` and `cd`, read as one text. */
const pieces: Document = {
  text: 'abcd',
  syntax: 'python',
  file: '"ab", "cd"',
  place: {
    toFile: ({ start, end }) =>
      start < 2 === end <= 2 ? { start: start + (start < 2 ? 1 : 5), end: end + (start < 2 ? 1 : 5) } : null,
    encode: (text) => JSON.stringify(text).slice(1, -1),
  },
};

describe('documents', () => {
  it('places what stands in a part of a file', () => {
    expect(body.text).toBe('lora_r: 8\n');
    expect(locate(body, { start: 8, end: 9 })).toEqual({ line: 2, column: 9, range: { start: 26, end: 27 } });
    expect(editsInFile(body, [{ range: { start: 8, end: 9 }, text: '16' }])).toEqual([
      { range: { start: 26, end: 27 }, text: '16' },
    ]);
  });

  it('leaves a whole file as it is', () => {
    const whole = wholeFile('a: 1\nb: 2\n', 'yaml');
    expect(locate(whole, { start: 8, end: 9 })).toMatchObject({ line: 2, column: 4 });
    expect(editsInFile(whole, [{ range: { start: 8, end: 9 }, text: '3' }])).toHaveLength(1);
  });

  it('makes no edit across a seam, writes as the file does, and points to where a range begins', () => {
    expect(editsInFile(pieces, [{ range: { start: 2, end: 3 }, text: '"' }])).toEqual([
      { range: { start: 7, end: 8 }, text: '\\"' },
    ]);
    expect(editsInFile(pieces, [{ range: { start: 1, end: 3 }, text: 'x' }])).toBeNull();
    expect(locate(pieces, { start: 1, end: 3 }).range).toEqual({ start: 2, end: 2 });
  });
});
