import { describe, expect, it } from 'vitest';
import { cellTexts } from '../../../../src/config/documents/cells';
import { placeInCell } from '../../../../src/config/documents/notebook';

const python = (text: string): { text: string; language: string } => ({ text, language: 'python' });
const texts = (...cells: { text: string; language: string }[]): [string, string][] =>
  cellTexts(cells)
    .filter(({ isMagic }) => !isMagic)
    .map(({ syntax, text }) => [syntax, text]);

describe('gather', () => {
  it('joins the Python of all cells', () => {
    expect(texts(python('a = 1'), python('b = 2\n'))).toEqual([['python', 'a = 1\nb = 2\n']]);
  });

  it.each([
    ['a = 1\n%cd x\nb = 2', 'a = 1\n\nb = 2\n'],
    ['files = !ls\nb = 2', 'files = _\nb = 2\n'],
    ['x = (a\n  % b)', 'x = (a\n  % b)\n'],
    ['a != b', 'a != b\n'],
    ['?len\nb = 1', '\nb = 1\n'],
  ])('takes magics out of %j', (text, left) => {
    expect(texts(python(text))[0]).toEqual(['python', left]);
  });

  it('keeps the commands of a cell apart, with their further lines', () => {
    const cell = python('!accelerate launch \\\n  --lr 1e-4 a.py\nx = 1\n  !ls');
    expect(texts(cell)).toEqual([
      ['python', '\n\nx = 1\n\n'],
      ['shell', 'accelerate launch \\\n  --lr 1e-4 a.py\n'],
      ['shell', 'ls'],
    ]);
  });

  it.each([
    ['%%bash\npip list\n', [['shell', 'pip list\n']]],
    ['%%writefile -a conf/a.yaml\nb: 1\n', [['yaml', 'b: 1\n']]],
    ['%%writefile train.py\nx = 1\n', [['python', 'x = 1\n']]],
    ['%%writefile notes.txt\nx\n', []],
    ['%%html\n<b>\n', []],
    ['%%time\nx = 1\n', [['python', '\nx = 1\n']]],
    ['\n%%sh\nls\n', [['shell', 'ls\n']]],
    ['%%script bash\nls\n', [['shell', 'ls\n']]],
    ['%%script --proc p zsh -e\nls\n', []],
    ['%%script perl\nprint 1\n', []],
    ['%%bash', []],
    ['%run -m a.b --c 1\n', [['shell', '%run -m a.b --c 1\n']]],
    [
      'out = !ls',
      [
        ['python', 'out = _\n'],
        ['shell', 'ls'],
      ],
    ],
  ] as const)('knows what %j is', (text, documents) => {
    expect(texts(python(text))).toEqual(documents);
  });

  it('has the magics of all cells, each in its line', () => {
    const cells = ['%%capture out\n%cd x\n!ls\na = %time f()\n', '%%bash\n%cd y\n', '%%html\n<b>', '%run a.py', '?len'];
    const [magics] = cellTexts(cells.map(python)).filter(({ isMagic }) => isMagic);
    expect(magics?.text).toBe('%%capture out\n%cd x\n%time f()\n%%html\n');
  });

  it('reads cells of another language by themselves', () => {
    expect(texts({ text: 'a: 1', language: 'yaml' }, { text: 'x', language: 'markdown' })).toEqual([['yaml', 'a: 1']]);
  });

  it('knows where each piece stands', () => {
    const [joined] = cellTexts([python('a = 1'), python('%cd\nb = 2')]);
    if (!joined) throw new Error('nothing gathered');
    const b = joined.text.indexOf('b');
    expect(placeInCell(joined, { start: b, end: b + 5 })).toEqual({ cell: 1, start: 4, end: 9 });
    expect(placeInCell(joined, { start: 4, end: 5 })).toEqual({ cell: 0, start: 4, end: 5 });
    expect(placeInCell(joined, { start: 0, end: b })).toBeNull();
  });
});
