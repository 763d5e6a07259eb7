import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesFrom, converted, noRounding, numbersOf, rounded, type Float } from '../../../src/adapter/files/dtype';

/** All numbers of a type, by their bits. */
function allOf(dtype: 'F16' | 'BF16'): Float64Array {
  const patterns = Uint16Array.from({ length: 65536 }, (_, i) => i);
  return Float64Array.from(numbersOf(new Uint8Array(patterns.buffer), dtype));
}

/** The nearest of these numbers, found by trying all of them; of two the one whose bits are even. */
function nearest(value: number, all: Float64Array): number {
  const distance = (pattern: number): number => Math.abs((all[pattern] ?? NaN) - value);
  let best = 0;
  for (const [pattern, number] of all.entries()) {
    const isNearer = distance(pattern) < distance(best);
    const isEven = distance(pattern) === distance(best) && pattern % 2 === 0 && best % 2 === 1;
    if (Number.isFinite(number) && (isNearer || isEven)) best = pattern;
  }
  return all[best] ?? NaN;
}

describe.each(['F16', 'BF16'] as const)('%s', (dtype) => {
  const numbers = allOf(dtype);

  it('keeps all of its own numbers', () => {
    const rounding = noRounding();
    const again = new Uint16Array(bytesFrom(numbers, 1, dtype, rounding).buffer);
    const differ = [...again].filter((pattern, i) => pattern !== i && !Number.isNaN(numbers[i]));
    expect([differ, rounding.changed]).toEqual([[], 0]);
  });

  it('rounds to the nearest, and ties to the even one', () => {
    const exponents = dtype === 'F16' ? [-26, 15] : [-134, 120];
    const values = fc
      .tuple(fc.integer({ min: -4096, max: 4096 }), fc.integer({ min: exponents[0] ?? 0, max: exponents[1] ?? 0 }))
      .map(([mantissa, exponent]) => (mantissa / 2048) * 2 ** exponent);
    fc.assert(
      fc.property(values, (value) => {
        const near = rounded(value, dtype);
        if (Number.isFinite(near)) expect(Math.abs(near)).toBe(Math.abs(nearest(value, numbers)));
      }),
      { numRuns: 40 },
    );
  });
});

it.each([
  ['F16', 65504, 65504, {}],
  ['F16', 65519.99, 65504, { changed: 1 }],
  ['F16', 65520, Infinity, { changed: 1, overflowed: 1 }],
  ['F16', 2 ** -24, 2 ** -24, {}],
  ['F16', 2 ** -25, 0, { changed: 1, underflowed: 1 }],
  ['F16', 2 ** -25 * 1.001, 2 ** -24, { changed: 1, underflowed: 1 }],
  ['F16', 2 ** -14 * (1 - 2 ** -12), 2 ** -14, { changed: 1, underflowed: 1 }],
  ['BF16', 1 + 2 ** -8, 1, { changed: 1 }],
  ['BF16', 1 + 3 * 2 ** -8, 1 + 2 ** -6, { changed: 1 }],
  ['BF16', 3.4e38, Infinity, { changed: 1, overflowed: 1 }],
  ['F32', 1 + 2 ** -24, 1, { changed: 1 }],
] as const)('in %s, %d becomes %d', (dtype: Float, value, expected, said) => {
  const rounding = noRounding();
  const bytes = bytesFrom(Float64Array.of(value, -value), 1, dtype, rounding);
  expect([...numbersOf(bytes, dtype)]).toEqual([expected, -expected]);
  const twice = Object.fromEntries(Object.entries(said).map(([key, count]) => [key, 2 * count]));
  expect(rounding).toEqual({ ...noRounding(), ...twice });
});

it('scales by a table as it does number by number', () => {
  const types = fc.constantFrom('F32' as const, 'F16' as const, 'BF16' as const);
  const values = fc.array(fc.float({ noNaN: true }), { maxLength: 20 });
  fc.assert(
    fc.property(types, types, values, fc.constantFrom(1, 2, 0.125, Math.SQRT2, 1 / 3), (from, to, numbers, factor) => {
      const bytes = bytesFrom(Float64Array.from(numbers), 1, from, noRounding());
      const [one, other] = [noRounding(), noRounding()];
      const made = converted(bytes, from, to, factor, one);
      expect(made).toEqual(bytesFrom(numbersOf(bytes, from), factor, to, other));
      if (from !== to || factor !== 1) expect(one).toEqual(other);
    }),
  );
});

it('reads numbers that lie at an odd byte', () => {
  const bytes = Uint8Array.of(0, ...bytesFrom(Float64Array.of(1.5, -2), 1, 'F32', noRounding()));
  expect([...numbersOf(bytes.subarray(1), 'F32')]).toEqual([1.5, -2]);
});
