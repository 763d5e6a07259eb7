import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharesOf, together } from '../../../../src/experiment/cost/shares';
import type { TrainedRun } from '../../../../src/experiment/spec';
import { spec, variant } from '../support/lab';

describe('sharesOf', () => {
  it('gives every variant to one share, in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 8 }), (variants, count) => {
        const whole = spec({ variants: Array.from({ length: variants }, (_, i) => variant({ name: `v${i}` })) });
        const shares = sharesOf(whole, count);
        expect(shares.length).toBeLessThanOrEqual(count);
        expect(shares.flatMap((share) => share.spec.variants)).toEqual(whole.variants);
        for (const { start, spec } of shares) expect(spec.variants[0]).toBe(whole.variants[start]);
      }),
    );
  });
});

describe('together', () => {
  const part = (losses: number[][], weights: number[]): TrainedRun => ({
    backend: 'wasm',
    losses,
    weights: weights.map((each) => [Float64Array.of(each)]),
    stopped: weights.length === 0,
    ms: losses.length,
  });

  it('puts losses and weights in the order of the whole', () => {
    expect(together([part([[3], [2]], [0.5, 0.25]), part([[1]], [0.75])])).toEqual({
      ...part([[3], [2], [1]], [0.5, 0.25, 0.75]),
      ms: 2,
    });
  });

  it('ends where the shortest share does, without weights where one was cut off', () => {
    expect(together([part([[3, 2]], [0.5]), part([[1]], [])])).toEqual({ ...part([[3], [1]], []), ms: 1 });
  });
});
