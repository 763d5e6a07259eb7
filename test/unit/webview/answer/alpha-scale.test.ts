import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OCTAVES, alphaAtOctave, markLabel, octaveMarks, octaveOf } from '../../../../src/webview/panel/live-view';
import { steppedAlpha } from '../../../../src/webview/panel/live-view';

const anyAlpha = fc.double({ min: 1e-3, max: 1e5, noNaN: true });

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
