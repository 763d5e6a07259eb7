import { describe, expect, it } from 'vitest';
import { openNotebook } from '../../../../src/config/documents/open-notebook';
import { readConfig } from '../../../../src/config/read';
import { rewriteConfig } from '../../../../src/config/rewrite';

const CELLS = [
  { text: 'name = "a\\"b"  # “\t”\nrank = 16', language: 'python' },
  { text: 'adapter: lora', language: 'yaml' },
  { text: 'c = LoraConfig(\n    r=rank,\n    lora_alpha=32,\n)', language: 'python' },
  { text: '%time\na = TrainingArguments("o", learning_rate=2e-4)', language: 'python' },
];

describe('an open notebook', () => {
  const { text, toCell, toText, decode } = openNotebook(CELLS);
  const reading = readConfig(text, 'open.ipynb');

  it('is read as one program, and every value leads to its cell', () => {
    const { alpha, learningRate, rank } = reading.recipes[0]?.stated ?? {};
    expect(reading.recipes[0]).toMatchObject({ rank: 16, alpha: 32, learningRate: 2e-4 });
    const found = [alpha, learningRate, rank].map((stated) => stated && toCell(stated.range));
    expect(found.map((place) => place && CELLS[place.cell]?.text.slice(place.range.start, place.range.end))).toEqual([
      '32',
      '2e-4',
      'rank',
    ]);
    expect([alpha?.line, learningRate?.line]).toEqual([3, 4]);
  });

  it('finds the way back from every place of every cell', () => {
    for (const [cell, { text: code }] of CELLS.entries()) {
      for (let offset = 0; offset <= code.length; offset++) {
        const at = toText(cell, offset);
        expect(toCell({ start: at, end: at })).toEqual({ cell, range: { start: offset, end: offset } });
      }
    }
    expect(toCell({ start: 0, end: 1 })).toBeNull();
  });

  it('has edits that belong to cells, with their line ends', () => {
    const result = rewriteConfig(text, reading, 0, 128, 'symmetric');
    if ('refusal' in result) throw new Error(result.refusal.message);
    const edits = result.edits.map(({ range, text: piece }) => [toCell(range)?.cell, decode(piece)]);
    expect(edits).toEqual([
      [2, '128'],
      [3, '1e-4'],
      [3, ', max_grad_norm=2.0'],
      [3, ', adam_epsilon=2e-8'],
    ]);
    const rule = rewriteConfig(text, reading, 0, { rslora: true }, 'lr-only');
    if ('refusal' in rule) throw new Error(rule.refusal.message);
    expect(rule.edits.map(({ text: piece }) => decode(piece))).toContain('\n    use_rslora=True,');
  });
});
