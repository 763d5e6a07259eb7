import { describe, expect, it } from 'vitest';
import { initRow, isAutomatic, sigmaOf } from '../../../../src/recipe/init/init';
import type { InitScale } from '../../../../src/recipe/init/init-row';
import { INITS } from '../../../../src/recipe/init/init-rows';
import { RecipeError } from '../../../../src/recipe/recipe';

const shape = { inFeatures: 768, outFeatures: 256, rank: 8 };
const sigmas = (id: string, scaling = 1): (number | null)[] => {
  const row = initRow(id);
  if (!row) throw new Error(`no init ${id}`);
  return [row.A, row.B].map((scale) => sigmaOf(scale, shape, scaling));
};

/** Root mean square of so many numbers drawn evenly from an interval: what a uniform init must measure. */
function rmsOfUniform(bound: number): number {
  const steps = 100_000;
  let sum = 0;
  for (let i = 0; i < steps; i++) sum += (bound * ((2 * (i + 0.5)) / steps - 1)) ** 2;
  return Math.sqrt(sum / steps);
}

describe('the table of inits', () => {
  it('names every init once, with a source and a sentence', () => {
    const ids = INITS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { says, source, offeredBy } of INITS) {
      expect(says).toMatch(/^[A-Z].*\.$/);
      expect(source).toMatch(/^https:/);
      expect(offeredBy).not.toBe('');
    }
  });

  it('knows the size of a uniform draw from its bound', () => {
    expect(sigmas('kaiming-uniform')[0]).toBeCloseTo(rmsOfUniform(1 / Math.sqrt(768)), 9);
    expect(sigmas('uniform')).toEqual(sigmas('kaiming-uniform'));
    expect(sigmas('random-b')[1]).toBeCloseTo(rmsOfUniform(1 / Math.sqrt(8)), 9);
  });

  it('takes the Gaussian init by the rank alone', () => {
    expect(sigmas('gaussian')).toEqual([1 / 8, 0]);
    expect(sigmaOf({ factor: 1, rank: -1 }, { rank: 32 }, 4)).toBe(1 / 32);
  });

  it('knows directions of length 1 by the space they lie in', () => {
    expect(sigmas('eva')[0]).toBeCloseTo(768 ** -0.5, 12);
    expect(sigmas('mica')).toEqual([0, 256 ** -0.5]);
    expect(sigmas('olora')).toEqual([null, 256 ** -0.5]);
  });

  it('does not know what comes from the weights, only how it moves', () => {
    for (const id of ['pissa', 'corda']) {
      expect(sigmas(id)).toEqual([null, null]);
      expect(initRow(id)).toMatchObject({ A: { scaling: -0.5 }, B: { scaling: -0.5 } });
    }
  });

  it('calls those automatic that make up for the scaling, and no others', () => {
    expect(INITS.filter(isAutomatic).map(({ id }) => id)).toEqual(['pissa', 'corda']);
  });
});

describe('sigmaOf', () => {
  it('is null where a width it needs is not known', () => {
    expect(sigmaOf({ factor: 1, in: -0.5 }, { rank: 8 }, 1)).toBeNull();
    expect(sigmaOf({ factor: 0 }, {}, 1)).toBe(0);
  });

  it('follows the scaling by its power', () => {
    const moving: InitScale = { factor: 1, scaling: -0.5 };
    expect(sigmaOf(moving, {}, 4)).toBe(0.5);
  });

  it.each([
    ['inFeatures', { inFeatures: 0 }, 1],
    ['rank', { rank: Number.NaN }, 1],
    ['scaling', {}, -1],
    ['outFeatures', { outFeatures: Infinity }, 1],
  ] as const)('refuses an impossible %s by name', (field, widths, scaling) => {
    expect(() => sigmaOf({ factor: 1 }, widths, scaling)).toThrow(RecipeError);
    expect(() => sigmaOf({ factor: 1 }, widths, scaling)).toThrow(field);
  });
});
