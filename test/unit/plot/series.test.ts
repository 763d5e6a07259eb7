import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Curve } from '../../../src/experiment/words/curves';
import { deviationCeiling, deviationSeries, thinned, isDrawn } from '../../../src/plot/series';

const curve = (name: string, role: Curve['role'], more: Partial<Curve> = {}): Curve => ({
  ...{ name, label: name, role },
  ...more,
});
const curves = [
  ...[curve('base', 'base'), curve('rescaled', 'rescaled'), curve('alpha-only', 'alpha-only'), curve('proof', 'proof')],
  ...[curve('control-1', 'control'), curve('control-2', 'control')],
];
const [base, rescaled, , , control] = curves as [Curve, Curve, Curve, Curve, Curve];

describe('deviationSeries', () => {
  it('draws neither base, controls nor proof as lines', () => {
    const two = [1, 1, 1.5, 1, 1, 1.25].map((last) => [2, last]);
    const series = deviationSeries(curves, two);
    expect(series.lines.map(({ curve, deviations }) => [curve.name, deviations])).toEqual([
      ['rescaled', [0, 0]],
      ['alpha-only', [0, 0.5]],
    ]);
    expect(series.band).toEqual([0, 0.25]);
    expect(deviationCeiling(series)).toBe(1);
  });

  it.each([
    [
      [1, 2, 4],
      [1, 3],
      [0, 0.5],
    ],
    [[1], [1, 3], [0]],
  ])('stops where the shorter curve stops: %j, %j', (own, loss, deviations) => {
    expect(deviationSeries([base, rescaled], [own, loss]).lines).toEqual([{ curve: rescaled, deviations }]);
  });

  it('has the running maximum over all controls of all draws as its band', () => {
    const controls = [control, control].map((each, i) => ({ ...each, name: `${i}` }));
    const losses = [
      [1, 1, 1, 1],
      [1, 1.5, 1, 1],
      [1, 1, 1.25, 3],
    ];
    expect(deviationSeries([base, ...controls], losses).band).toEqual([0, 0.5, 0.5, 2]);
    const further = [base, control].map((each) => ({ ...each, draw: 1 }));
    const twice = [...losses, [2, 2, 2], [4, 2, 2]];
    expect(deviationSeries([base, ...controls, ...further], twice).band).toEqual([1, 1, 1]);
  });

  it('is empty before there is a base', () => {
    expect(deviationSeries([], [])).toEqual({ lines: [], band: [] });
    expect(deviationSeries([rescaled], [[1, 1]])).toEqual({ lines: [], band: [] });
    expect(deviationCeiling({ lines: [], band: [] })).toBe(1e-2);
  });

  it('keeps its axis finite when a curve explodes', () => {
    const lines = [{ curve: rescaled, deviations: [0, 1e30, Infinity] }];
    expect(deviationCeiling({ lines, band: [] })).toBe(1e3);
  });
});

describe('thinned', () => {
  it('keeps a short curve as it is', () => {
    expect(thinned([3, 1], 10)).toEqual([
      [0, 3],
      [1, 1],
    ]);
  });

  it('keeps extremes, ends and gaps of a long one, in order', () => {
    const values = fc.array(fc.oneof(fc.double(), fc.constant(NaN)), { minLength: 50, maxLength: 400 });
    fc.assert(
      fc.property(values, (all) => {
        const kept = thinned(all, 10);
        const finite = all.filter(Number.isFinite);
        const steps = kept.map(([step]) => step);
        expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
        expect(steps.at(-1)).toBe(all.length - 1);
        expect(kept.length).toBeLessThanOrEqual(31);
        for (const [step, value] of kept) expect(Object.is(all[step], value)).toBe(true);
        const keptFinite = kept.map(([, value]) => value).filter(Number.isFinite);
        if (finite.length > 0) {
          expect(Math.max(...keptFinite)).toBe(Math.max(...finite));
          expect(Math.min(...keptFinite)).toBe(Math.min(...finite));
        }
        expect(kept.some(([, value]) => !Number.isFinite(value))).toBe(finite.length < all.length);
      }),
    );
  });
});

const CURVES = [
  ...[base, rescaled, curve('as-written', 'as-written'), curve('alpha-only', 'alpha-only')],
  ...[curve('blog-rule', 'blog-rule'), curve('keep-b', 'plan')],
  curve('alpha-only@2', 'alpha-only', { family: 'alpha-only', draw: 1 }),
];
const FEW = ['base', 'rescaled', 'alpha-only', 'blog-rule', 'alpha-only@2'];

describe('isDrawn', () => {
  it.each([
    ['four curves at first', { more: false, solo: null }, FEW],
    ['all on request', { more: true, solo: null }, CURVES.map(({ name }) => name)],
    [
      'one alone, with its other draws and the baseline',
      { more: true, solo: 'alpha-only' },
      ['base', 'alpha-only', 'alpha-only@2'],
    ],
  ])('%s', (_, choice, names) =>
    expect(CURVES.filter((each) => isDrawn(each, choice)).map(({ name }) => name)).toEqual(names),
  );
});
