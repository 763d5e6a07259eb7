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

describe('code', () => {
  it('cannot be left by what it holds', () => {
    expect(code('a`b [x](command:y) | c')).toBe('`a b [x](command:y) c`');
  });
});

describe('table', () => {
  it('has a row for the head, one below it, and one for each', () => {
    const lines = table(['a', 'b'], [['1', '2']]).split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^\| a .*\| b/),
      '| :-- | :-- |',
      expect.stringMatching(/^\| 1 .*\| 2/),
    ]);
  });
});
