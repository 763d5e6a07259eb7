import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, plain, table } from '../../../../src/extension/hover/markdown';
import { anyCharacter } from '../../../support/any-character';

describe('plain', () => {
  it('leaves words as they are', () => {
    expect(plain('the rate moves by √k')).toBe('the rate moves by √k');
  });

  it('makes no link, picture, code or markup of anything', () => {
    const hostile = '[run](command:evil) ![x](http://a/b.png) `code` **b** <b>x</b> $(alert) http://a.b';
    const shown = plain(hostile);
    expect(shown).not.toMatch(/(?<!\\)[[\]()`*<>!]/);
    expect(shown.replaceAll('\\', '')).toBe(hostile);
  });

  it('escapes whatever comes, on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 60 }), (text) => {
        const shown = plain(text);
        expect(shown).not.toMatch(/[\r\n]/);
        expect(shown.replace(/\\[\s\S]/g, '')).not.toMatch(/[[\]()`*_<>!|#&\\]/);
      }),
    );
  });
});

it('code cannot be left by what it holds', () => {
  expect(code('a`b [x](command:y) | c')).toBe('`a b [x](command:y) c`');
});

it('a table has a row for the head, one below it, and one for each', () => {
  const [head, rule, row, ...more] = table(['a', 'b'], [['1', '2']]).split('\n');
  expect([rule, more]).toEqual(['| :-- | :-- |', []]);
  expect([head, row]).toEqual([/^\| a .*\| b/, /^\| 1 .*\| 2/].map((line) => expect.stringMatching(line) as string));
});
