import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../src/config/write/edits';
import { openNotebook } from '../../../../src/extension/documents/open-notebook';
import { planConfig } from '../../../../src/config/planned';
import { readConfig } from '../../../../src/config/read';
import { rewriteConfig } from '../../../../src/config/rewrite';

/** A cell of text stands in front of the third. */
const CELLS = [
  { number: 1, text: 'name = "a\\"b"  # “\t”\nrank = 16', language: 'python' },
  { number: 2, text: 'adapter: lora', language: 'yaml' },
  { number: 4, text: 'c = LoraConfig(\n    r=rank,\n    lora_alpha=32,\n)', language: 'python' },
  { number: 5, text: '%time\na = TrainingArguments("o", learning_rate=2e-4)', language: 'python' },
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
      '16',
    ]);
    expect([alpha, learningRate, rank].map((stated) => stated?.inCell)).toEqual([
      { cell: 4, line: 3 },
      { cell: 5, line: 2 },
      { cell: 1, line: 2 },
    ]);
  });

  it('writes a value where it stands in another cell, and says in which cells others take it', () => {
    const cells = [
      { number: 2, text: 'import torch\nlr = 2e-4', language: 'python' },
      {
        number: 3,
        text: 'c = LoraConfig(r=8, lora_alpha=16)\na = TrainingArguments(learning_rate=lr)',
        language: 'python',
      },
    ];
    const open = openNotebook(cells);
    const result = rewriteConfig(open.text, readConfig(open.text, 'open.ipynb'), 0, 64, 'symmetric');
    expect('edits' in result && applyEdits(open.text, result.edits)).toContain('import torch\\nlr = 1e-4"');
    const shared = openNotebook([...cells, { number: 4, text: 'warm(lr)', language: 'python' }]);
    const [plan] = planConfig(shared.text, readConfig(shared.text, 'open.ipynb'), 0, 64).plans;
    expect(plan?.caveats.map(({ message }) => message)).toContain(
      'learning_rate becomes a number and no longer follows lr. lr, set in cell 2, line 2, is also used in cell 4, line 1.',
    );
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
