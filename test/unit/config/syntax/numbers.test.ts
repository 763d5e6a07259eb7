import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNumber, isWrittenWhole } from '../../../../src/config/syntax/numbers';
import { isTextToPyYaml, plainScalar } from '../../../../src/config/syntax/scalars';

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
        if (float) expect(isWrittenWhole(text)).toBe(false);
      }),
    );
  });
});
