import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharesOf } from '../../../../src/experiment/cost/shares';
import { spec, variant } from '../support/lab';

describe('sharesOf', () => {
  it('gives every variant to one share, in order, beside the base of its draw', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 8 }),
        (draws, count) => {
          const bases = [0, 1, 2].map((draw) => variant({ name: `base@${draw}`, role: 'base', draw }));
          const others = draws.map((draw, i) => variant({ name: `v${i}`, role: 'plan', draw }));
          const whole = spec({ seeds: [1, 2, 3], variants: [...bases, ...others] });
          const shares = sharesOf(whole, count);
          expect(shares.length).toBeLessThanOrEqual(count);
          const places = shares.flatMap((share) => share.places.filter((place) => place !== null));
          expect(places).toEqual(whole.variants.map((_, i) => i));
          for (const share of shares) {
            expect(share.places).toHaveLength(share.spec.variants.length);
            share.spec.variants.forEach((one, i) => {
              const place = share.places[i] ?? null;
              if (place !== null) expect(one).toBe(whole.variants[place]);
              expect(share.spec.variants).toContain(bases[one.draw]);
            });
          }
        },
      ),
    );
  });
});
