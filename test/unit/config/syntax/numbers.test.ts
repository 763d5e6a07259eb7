import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLike, formatNumber } from '../../../../src/config/syntax/numbers';
import { isTextToPyYaml, numberIn, plainScalar } from '../../../../src/config/syntax/scalars';

describe('formatNumber', () => {
  it.each([
    [1e-4, true, '1.0e-4'],
    [1.73205e-4, true, '1.73205e-4'],
    [2e-8, false, '2.0e-8'],
    [2, true, '2.0'],
    [48, false, '48'],
    [22.6274, false, '22.6274'],
    [0.02, true, '0.02'],
    [0, true, '0.0'],
    [1e15, false, '1.0e+15'],
  ])('%s (float: %s) → %s', (value, float, text) => {
    expect(formatNumber(value, float)).toBe(text);
  });

  it('writes what every reader takes for the same number', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e300, max: 1e300, noNaN: true }), fc.boolean(), (value, float) => {
        const text = formatNumber(value, float);
        expect(plainScalar(text)).toBe(value === 0 ? 0 : value);
        expect(isTextToPyYaml(text)).toBe(false);
        expect(JSON.parse(text)).toBe(value === 0 ? 0 : value);
        if (float) expect(text).toMatch(/[.]/);
      }),
    );
  });
});

describe('formatLike', () => {
  it.each([
    ['2e-4', 1e-4, '1e-4'],
    ['2e-4', 1.41421e-4, '1.41421e-4'],
    ['5e-05', 2.5e-5, '2.5e-05'],
    ['5e-05', 2e-12, '2e-12'],
    ['1E-4', 5e-5, '5E-5'],
    ['1.0e-4', 5e-5, '5.0e-5'],
    ['1.e-4', 5e-5, '5.e-5'],
    ['1.e-4', 2.5e-5, '2.5e-5'],
    ['2e-4', 2e-3, '2e-3'],
    ['5e-1', 2, '2.0'],
    ['1e4', 2e4, '2e4'],
    ['1.0e+4', 2e5, '2.0e+5'],
    ['1.0e4', 2e-5, '2.0e-5'],
    ['0.0002', 0.0001, '0.0001'],
    ['0.0002', 0.000141421, '0.000141421'],
    ['0.01', 1e-5, '0.00001'],
    ['0.01', 1e-8, '1.0e-8'],
    ['0.00000001', 5e-9, '0.000000005'],
    ['.5', 0.25, '.25'],
    ['.5', 1.5, '1.5'],
    ['1.', 2, '2.'],
    ['1.0', 2, '2.0'],
    ['16', 32, '32'],
    ['16', 22.6274, '22.6274'],
    ['1', 1e-4, '1.0e-4'],
    ['+1', 2, '+2'],
    ['1_000', 4_000_000, '4_000_000'],
    ['10_000.5', 20_001.25, '20_001.25'],
    ['0x10', 32, '32'],
  ])('%s → %s: %s', (raw, value, text) => {
    expect(formatLike(raw, value, true)).toBe(text);
  });

  it.each([
    ['2e-4', 1e-4, '1.0e-4'],
    ['1E4', 2e4, '2.0E+4'],
    ['1.e-4', 5e-5, '5.e-5'],
    ['0.0002', 0.0001, '0.0001'],
  ])('%s → %s for a reader that takes 1e-4 for text: %s', (raw, value, text) => {
    expect(formatLike(raw, value, false)).toBe(text);
    expect(isTextToPyYaml(text)).toBe(false);
  });

  const digits = fc.stringMatching(/^\d{1,4}$/);
  const notation = fc
    .record({
      sign: fc.constantFrom('', '', '+'),
      whole: fc.oneof(digits, fc.constantFrom('', '1_000', '12_345')),
      fraction: fc.oneof(
        fc.constant(''),
        digits.map((text) => `.${text}`),
        fc.constant('.'),
      ),
      exponent: fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][-+]?\d{1,3}$/)),
    })
    .map(({ sign, whole, fraction, exponent }) => `${sign}${whole}${fraction}${exponent}`)
    .filter((raw) => numberIn(raw) !== undefined);
  const value = fc.oneof(
    fc.double({ min: 0, max: 1e12, noNaN: true }),
    fc.double({ min: 1e-30, max: 1, noNaN: true }),
    fc.integer({ min: 0, max: 1e9 }),
    fc
      .tuple(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: -20, max: 6 }))
      .map(([m, e]) => Number(`${m}e${e}`)),
  );

  it('writes the same number in every notation', () => {
    fc.assert(
      fc.property(notation, value, fc.boolean(), (raw, number, dotless) => {
        const text = formatLike(raw, number, dotless);
        expect([text, numberIn(text)]).toEqual([text, number === 0 ? 0 : number]);
        if (!dotless && !/^\+?\./.test(text) && !/^\+?0\d/.test(raw))
          expect([text, isTextToPyYaml(text)]).toEqual([text, false]);
      }),
      { numRuns: 3000 },
    );
  });
});
