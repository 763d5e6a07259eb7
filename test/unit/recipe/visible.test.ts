/* eslint no-control-regex: off */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from '../../../src/recipe/visible';
import { anyCharacter } from '../../support/any-character';

const ACTING = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Cf}/u;

describe('visible', () => {
  it.each([
    ['an escape sequence', '\u001b[1A\u001b[2K✓', '\\u001b[1A\\u001b[2K✓'],
    ['a lone carriage return', 'lr: 1\rlr: 2', 'lr: 1\\u000dlr: 2'],
    ['a C1 control', '\u009b31m', '\\u009b31m'],
    ['an override of direction', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
    ['a mark without width', 'lo\u200bra', 'lo\\u200bra'],
    [
      'fillers, and marks outside of the first plane',
      'a\u00ad\u3164\ufff9\u{e0041}',
      'a\\u00ad\\u3164\\ufff9\\udb40\\udc41',
    ],
    ['other marks of format', '\u115f\u206a\u0600', '\\u115f\\u206a\\u0600'],
    ['lines, tabs and other scripts', 'α\t→\r\nявно\n', 'α\t→\r\nявно\n'],
  ])('%s', (_, text, expected) => expect(visible(text)).toBe(expected));

  it('leaves no active character', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        expect(visible(text)).not.toMatch(ACTING);
        expect(visible(visible(text))).toBe(visible(text));
      }),
    );
  });
});
