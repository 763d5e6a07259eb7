import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spreadLabels } from '../../../src/plot/end-labels';

describe('labels at the ends of curves', () => {
  it.each([
    ['stay where there is room', [10, 50, 90], [10, 50, 90]],
    ['share the place of one', [50, 50], [42, 58]],
    ['keep the order of curves that end together', [50, 50, 50], [34, 50, 66]],
    ['move away from the upper edge', [0, 0], [8, 24]],
    ['move away from the lower edge', [200, 200], [176, 192]],
    ['push each other up from the lower edge', [170, 190, 199], [160, 176, 192]],
  ])('%s', (_, wanted, places) => expect(spreadLabels(wanted, 16, [8, 192])).toEqual(places));

  it('never overlap, stay in their room and in the order of their curves', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -50, max: 250, noNaN: true }), { maxLength: 10 }), (wanted) => {
        const places = spreadLabels(wanted, 16, [8, 192]);
        const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
        const sorted = order.map((i) => places[i] ?? NaN);
        for (const [i, place] of sorted.entries()) {
          expect(place).toBeGreaterThanOrEqual(8 - 1e-6);
          expect(place).toBeLessThanOrEqual(192 + 1e-6);
          if (i > 0) expect(place - (sorted[i - 1] ?? 0)).toBeGreaterThanOrEqual(16 - 1e-6);
        }
      }),
    );
  });
});
