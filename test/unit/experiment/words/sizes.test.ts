import { describe, expect, it } from 'vitest';
import { deviationLabel, sizeWords } from '../../../../src/experiment/words/sizes';

describe('deviationLabel', () => {
  it.each([
    [0, '0'],
    [3.14e-7, '3.1e-7'],
    [0.000999, '0.1 %'],
    [0.0042, '0.42 %'],
    [0.54, '54 %'],
    [1.152, '120 %'],
    [250, '250×'],
    [Infinity, 'infinite'],
  ])('%d → %s', (value, label) => {
    expect(deviationLabel(value)).toBe(label);
  });
});

describe('sizeWords', () => {
  it.each([
    [0, 'no bit'],
    [2.11e-7, '2.1e-7'],
    [0.0031, '0.31 %'],
    [250, 'a factor of 250'],
    [Infinity, 'more than any number'],
  ])('%d → %s', (size, words) => {
    expect(sizeWords(size)).toBe(words);
  });
});
