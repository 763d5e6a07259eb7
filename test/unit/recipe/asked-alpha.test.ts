import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alphaError, nearestAlpha, parsePositive } from '../../../src/recipe/target';

const anyAlpha = fc.double({ min: 1e-3, max: 1e5, noNaN: true });

describe('what was typed', () => {
  test.each([
    ['48', 48],
    [' 0.5 ', 0.5],
    ['.25', 0.25],
    ['1e2', 100],
    ['32.', 32],
  ])('%j is %d', (text, value) => expect(parsePositive(text, 32)).toEqual({ value }));

  test.each([
    ['', 'Type a number above 0, such as 32'],
    ['abc', '“abc” is not a number'],
    ['0x10', 'is not a number'],
    ['3,5', 'as a point: 3.5'],
    ['0', 'must be above 0'],
    ['-4', 'must be above 0'],
    ['Infinity', 'is not a number'],
  ])('%j is refused with what would be right', (text, part) =>
    expect(parsePositive(text, 32)).toEqual({ error: expect.stringContaining(part) as string }),
  );

  test('every alpha the page itself writes is read back', () => {
    fc.assert(
      fc.property(anyAlpha, (alpha) => {
        expect(parsePositive(String(alpha), 32)).toEqual({ value: alpha });
      }),
    );
  });
});

describe('an alpha as a target', () => {
  test.each([
    [Infinity, null, 'at most 1000000'],
    [1e9, null, 'at most 1000000'],
    [1e-7, null, 'at least 0.000001'],
    [48.5, 'Axolotl', 'Axolotl takes whole alphas only, and this is 48.5. Use 48 or 49.'],
    [0.3, 'Axolotl', 'Use 1.'],
    [48.5, null, ''],
    [48, 'Axolotl', ''],
  ])('%d, whole for %s: %s', (alpha, wholeFor, part) => {
    if (part === '') expect(alphaError(alpha, wholeFor)).toBe('');
    else expect(alphaError(alpha, wholeFor)).toContain(part);
  });

  test('the nearest one has no error', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), fc.boolean(), (alpha, whole) => {
        expect(alphaError(nearestAlpha(alpha, whole), whole ? 'Axolotl' : null)).toBe('');
      }),
    );
  });
});
