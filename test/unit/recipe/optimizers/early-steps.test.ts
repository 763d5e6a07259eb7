import { describe, expect, it } from 'vitest';
import { rowUnder } from '../../../../src/recipe/optimizers/early-steps';
import { optimizerRow } from '../../../../src/recipe/optimizers/optimizers';
import type { OptimizerRow } from '../../../../src/recipe/optimizers/optimizer-row';

function under(id: string, beta2: number): OptimizerRow {
  const row = optimizerRow(id);
  if (!row) throw new Error(`no row ${id}`);
  return rowUnder(row, [0.9, beta2]);
}

describe('the early steps of RAdam', () => {
  it('are five at the usual betas, and more where the mean square forgets sooner', () => {
    for (const [beta2, steps] of [
      [0.9999, 5],
      [0.999, 5],
      [0.95, 5],
      [0.8, 6],
      [0.7, 9],
    ] as const) {
      expect(under('radam', beta2).early?.steps, `β2 = ${beta2}`).toBe(steps);
    }
  });

  it('never end where no more than five gradients are averaged: it is momentum all the way', () => {
    expect(under('radam', 0.6)).toMatchObject({ d: 1, e: 0 });
    expect(under('radam', 0.6).early).toBeUndefined();
  });

  it('end whatever beta is so near to 1 that rounding is all there is', () => {
    expect(under('radam', 1 - 2 ** -53).early?.steps).toBeLessThanOrEqual(1000);
  });

  it('are the row’s own for all else', () => {
    expect(under('lamb', 0.5).early?.steps).toBe(1);
    expect(under('adamw', 0.5).early).toBeUndefined();
  });
});
