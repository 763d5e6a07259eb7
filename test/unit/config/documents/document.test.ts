import { describe, expect, it } from 'vitest';
import { editsInFile, locate, wholeFile, type Document } from '../../../../src/config/documents/document';
import { readConfig } from '../../../../src/config/read';
import { rewriteConfig } from '../../../../src/config/rewrite';
import { applyEdits } from '../../../../src/config/write/edits';

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

  it.each([
    ['loaded', `config = yaml.safe_load("""${AXOLOTL}""")\n`, 1],
    ['loaded as it is written', `config = yaml.safe_load(r'''${AXOLOTL}''' )\n`, 1],
    [
      'loaded in a notebook',
      JSON.stringify({ cells: [{ cell_type: 'code', source: `yaml.load("""${AXOLOTL}""")` }] }),
      1,
    ],
    ['loaded in a comment', `# yaml.safe_load("""${AXOLOTL}""")\n`, 0],
    ['changed before', `yaml.safe_load("""${AXOLOTL}""".format(a=1))\n`, 0],
    ['with escapes', `yaml.safe_load("""${AXOLOTL}\\n""")\n`, 0],
    ['open', `yaml.safe_load("""${AXOLOTL}`, 0],
  ])('of YAML are read in Python if they are loaded: %s', (_, text, count) => {
    const reading = readConfig(text, text.startsWith('{') ? 'a.ipynb' : 'a.py');
    expect(reading.recipes).toHaveLength(count);
    if (count === 0) return;
    const result = rewriteConfig(text, reading, 0, 32, 'lr-only');
    const wanted = text.replace('lora_alpha: 8', 'lora_alpha: 32').replace('0.0001', '0.000025');
    expect('edits' in result && applyEdits(text, result.edits)).toBe(wanted);
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
