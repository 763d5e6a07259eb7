import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  OCTAVES,
  alphaAtOctave,
  alphaError,
  markLabel,
  octaveMarks,
  nearestAlpha,
  octaveOf,
  parsePositive,
  steppedAlpha,
} from '../../../../src/webview/answer/alpha-scale';

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

describe('arrow keys', () => {
  test.each([
    [48, 1, 49],
    [48, -1, 47],
    [47.5, 1, 48],
    [47.5, -1, 47],
    [1, -1, 0.5],
    [0.5, 1, 1],
    [0.3, 1, 0.6],
    [0.25, -1, 0.125],
  ] as const)('from %d by %d to %d', (from, by, to) => expect(steppedAlpha(from, by)).toBe(to));

  test('never reach 0 and always move', () => {
    fc.assert(
      fc.property(anyAlpha, (alpha) => {
        expect(steppedAlpha(alpha, 1)).toBeGreaterThan(alpha);
        expect(steppedAlpha(alpha, -1)).toBeLessThan(alpha);
        expect(steppedAlpha(alpha, -1)).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the slider', () => {
  test('marks the file’s alpha in the middle and a doubling at every mark', () => {
    expect(octaveMarks(16).map(({ value }) => value)).toEqual([2, 4, 8, 16, 32, 64, 128]);
  });

  test('writes a whole alpha in full at its mark', () => {
    expect([256, 1024, 2048, 131_072].map(markLabel)).toEqual(['256', '1024', '2048', '131072']);
    expect([4.1625, 33.33, 0.125].map(markLabel)).toEqual(['4.16', '33.3', '0.125']);
  });

  test('every mark gives exactly its alpha', () => {
    fc.assert(
      fc.property(anyAlpha, (base) => {
        for (const { octave, value } of octaveMarks(base)) expect(alphaAtOctave(octave, base)).toBe(value);
      }),
    );
  });

  test('snaps near a mark, rounds between', () => {
    expect(alphaAtOctave(1.03, 16)).toBe(32);
    expect(alphaAtOctave(1.585, 16)).toBe(48);
    expect(alphaAtOctave(-2.5, 16)).toBe(2.8);
  });

  test('is held at its ends', () => {
    expect(octaveOf(1e6, 16)).toBe(OCTAVES);
    expect(octaveOf(1e-6, 16)).toBe(-OCTAVES);
    expect(octaveOf(48, 16)).toBeCloseTo(Math.log2(3));
  });
});
