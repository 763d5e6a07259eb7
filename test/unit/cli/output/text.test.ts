import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isColoured, paint, shown, table, wrap } from '../../../../src/cli/output/text';

describe('table', () => {
  it('aligns columns and leaves no trailing blanks', () => {
    const rows = [
      ['key', 'now', ''],
      ['alpha', '16', 'default'],
      ['a', '1e-4'],
    ];
    expect(table(rows, 'lr')).toBe('key     now\nalpha    16  default\na      1e-4');
  });

  it('gives colours no room', () => {
    const [plain = '', painted = ''] = ['a', paint('red', 'a')].map((cell) =>
      table([
        [cell, 'b'],
        ['ccc', 'd'],
      ]),
    );
    expect(painted).not.toBe(plain);
    expect(stripVTControlCharacters(shown(painted, true))).toBe(plain);
  });

  it('is empty without rows', () => {
    expect(table([])).toBe('');
  });
});

describe('wrap', () => {
  it('breaks at blanks, and lets a long word stand', () => {
    expect(wrap('one two three', 9)).toBe('one two\nthree');
    expect(wrap('a incomprehensibilities b', 5, '  ')).toBe('  a\n  incomprehensibilities\n  b');
  });

  it('loses no word', () => {
    const word = fc.string({ minLength: 1 }).filter((text) => !/\s/.test(text));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 4, max: 60 }), (words, width) => {
        const wrapped = wrap(words.join(' '), width);
        expect(wrapped.split(/[ \n]/)).toEqual(words);
        for (const line of wrapped.split('\n')) {
          if (line.includes(' ')) expect([...line].length).toBeLessThanOrEqual(width);
        }
      }),
    );
  });

  it('spells line ends out, as a table does: they would begin a line that looks like ours', () => {
    expect(wrap('a\n\n✔ b\r\n')).toBe('a\\u000a\\u000a✔ b\\u000d\\u000a');
    expect(table([['a\n✔ b', 'c']])).toBe('a\\u000a✔ b  c');
  });
});

describe('isColoured', () => {
  it.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: false }, {}, false],
    [{}, {}, false],
    [{ isTTY: true }, { NO_COLOR: '1' }, false],
    [{ isTTY: true }, { NO_COLOR: '' }, true],
    [{ isTTY: true }, { TERM: 'dumb' }, false],
    [{ isTTY: false }, { FORCE_COLOR: '1' }, true],
    [{ isTTY: true }, { FORCE_COLOR: '0' }, false],
  ])('%j with %j: %s', (screen, env, coloured) => {
    expect(isColoured(screen, env)).toBe(coloured);
  });
});

describe('shown', () => {
  it('keeps our colours and spells out those of a file', () => {
    const text = `${paint('green', '✓ \u001b[31mred')}\u001b[2K\u001b]0;title\u0007`;
    expect(shown(text, true)).toBe('\u001b[32m✓ \\u001b[31mred\u001b[39m\\u001b[2K\\u001b]0;title\\u0007');
    expect(shown(text, true, (part) => part)).toBe('\u001b[32m✓ \u001b[31mred\u001b[39m\u001b[2K\u001b]0;title\u0007');
    expect(shown(paint('bold', 'a'), false)).toBe('a');
  });
});
