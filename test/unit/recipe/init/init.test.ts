import { describe, expect, it } from 'vitest';
import { initRow, INITS, isAutomatic } from '../../../../src/recipe/init/init-rows';

describe('the table of inits', () => {
  it('names every init once, with a source and a sentence', () => {
    const ids = INITS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { says, source } of INITS) {
      expect(says).toMatch(/^[A-Z].*\.$/);
      expect(source).toMatch(/^https:/);
    }
  });

  it('takes the Gaussian init by the rank alone', () => {
    expect(initRow('gaussian')).toMatchObject({ A: { factor: 1, rank: -1 }, B: { factor: 0 } });
  });

  it('does not know what comes from the weights, only how it moves', () => {
    for (const id of ['pissa', 'corda']) {
      const split = { factor: 'layer', scaling: -0.5 };
      expect(initRow(id)).toMatchObject({ A: split, B: split });
    }
  });

  it('calls those automatic that make up for the scaling, and no others', () => {
    expect(INITS.filter(isAutomatic).map(({ id }) => id)).toEqual(['pissa', 'corda']);
  });
});
