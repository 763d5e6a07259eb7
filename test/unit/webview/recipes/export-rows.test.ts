import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowsAsCsv, rowsAsMarkdown } from '../../../../src/webview/recipes/rows';
import { rowOf } from './rows';
import { anyCharacter } from '../../../support/any-character';

const ROWS = [
  rowOf(
    'a.yml',
    { rate: 1 / 3, rateB: 0.5 },
    { folder: 'x', recipe: 'unet', run: { letter: 'A', why: '', isOpen: true } },
  ),
  rowOf('b,"c".yml', null, { note: 'lora_alpha is abc' }),
];

describe('recipes as CSV', () => {
  it('are whole, with numbers in full', () => {
    expect(rowsAsCsv(ROWS)).toBe(
      [
        'file,recipe,trainer,rank,alpha,scaling,scaling_rule,learning_rate,learning_rate_b,run,note',
        'x/a.yml,unet,Axolotl,16,16,1,α/r,0.3333333333333333,0.5,A?,',
        '"b,""c"".yml",,Axolotl,,,,,,,,lora_alpha is abc',
        '',
      ].join('\r\n'),
    );
  });

  it.each(['=cmd|calc', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('are no formula of a spreadsheet: %j', (name) => {
    const [, line = ''] = rowsAsCsv([rowOf(name)]).split('\r\n');
    expect(line.replace(/^"/, '')[0]).toBe("'");
  });

  it('keep their columns whatever a file is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (name) => {
        const csv = rowsAsCsv([rowOf(name)]);
        const quoted = csv.replace(/"(?:[^"]|"")*"/g, 'q');
        expect(quoted.split('\r\n').map((line) => line.split(',').length)).toEqual([11, 11, 1]);
      }),
    );
  });
});

describe('recipes as Markdown', () => {
  it('are the table as it is shown', () => {
    expect(rowsAsMarkdown(ROWS)).toBe(
      [
        '| File | Trainer | Rank | Alpha | Scaling | Learning rate | Run |',
        '| - | - | -: | -: | -: | -: | - |',
        '| x/a.yml · unet | Axolotl | 16 | 16 | 1 | 0.3333 (B 0.5) | A? |',
        '| b,"c".yml | Axolotl | – | – | – | – |  |',
        '',
      ].join('\n'),
    );
  });

  it('hold no markup of a file', () => {
    expect(rowsAsMarkdown([rowOf('a|b_<img>\n*c*')])).toContain('| a\\|b\\_\\<img\\> \\*c\\* |');
  });
});
