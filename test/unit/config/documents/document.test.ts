import { describe, expect, it } from 'vitest';
import { editsInFile, locate, wholeFile, type Document } from '../../../../src/config/documents/document';
import { readConfig } from '../../../../src/config/read';

const AXOLOTL = 'base_model: m\nadapter: lora\nlora_r: 16\nlora_alpha: 8\nlearning_rate: 0.0001\n';

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
  it.each([
    ['a heredoc', 'a.sh', `cat > c.yml <<EOF\n${AXOLOTL}EOF\naxolotl train c.yml\n`],
    ['a text of Python', 'a.py', `text = """${AXOLOTL}"""\nwith open("c.yml", "w") as f:\n    f.write(text)\n`],
  ])('are not read within %s', (_, path, text) => {
    expect(readConfig(AXOLOTL, 'c.yml').recipes).toHaveLength(1);
    expect(readConfig(text, path).recipes).toEqual([]);
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
