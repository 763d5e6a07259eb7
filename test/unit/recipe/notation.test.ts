import { describe, expect, it } from 'vitest';
import { scalingEquation, scalingSymbol, numberLabel } from '../../../src/recipe/notation';

describe('scalingEquation', () => {
  it.each([
    [{ scalingRule: 'standard', alpha: 16, rank: 16, scaling: 1 }, 'α/r = 16/16 = 1'],
    [{ scalingRule: 'standard', alpha: 1, rank: 3, scaling: 1 / 3 }, 'α/r = 1/3 = 0.3333'],
    [{ scalingRule: 'rslora', alpha: 16, rank: 64, scaling: 2 }, 'α/√r = 16/√64 = 2'],
    [{ scalingRule: 'direct', alpha: 20, rank: 8, scaling: 20 }, 'scale = 20'],
  ] as const)('writes %o', (recipe, text) => expect(scalingEquation(recipe)).toBe(text));

  it('names each rule as people write it', () => {
    expect(scalingSymbol('rslora')).toBe('α/√r');
  });
});

it('writes numbers with four digits, and small ones as powers of ten', () => {
  const numbers = [0, 0.1 + 0.2, 1 / 3, 1e-7, 1.7320508e-5, 0.0173205, 128, 123456, 2.5e9, -0.5, NaN, Infinity];
  const labels = '0,0.3,0.3333,1e-7,1.732e-5,0.01732,128,123500,2.5e9,-0.5,not a number,infinite'.split(',');
  expect(numbers.map((number) => numberLabel(number))).toEqual(labels);
});
