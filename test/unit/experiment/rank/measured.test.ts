import { describe, expect, it } from 'vitest';
import { bestRate, firstValley, measured, regretAt, type RateCurve } from '../../../../src/experiment/rank/measured';

const RATES = [-12, -11, -10, -9, -8, -7, -6, -5, -4];

/** A valley with its best at `best`, and draws that put it a little aside. */
function valley(best: number, shape: { asides?: readonly number[]; width?: number; floor?: number } = {}): RateCurve {
  const { asides = [0.05, -0.05, 0.02, -0.02], width = 2, floor = 0.2 } = shape;
  const lossAt = (rate: number): number => floor + Math.min(3, (Math.abs(rate - best) / width) ** 2);
  const points = RATES.map((rate) => ({ rate, losses: asides.map((aside) => lossAt(rate + aside)) }));
  return { points, starts: asides.map(() => 1.2) };
}

describe('the shift of the best learning rate', () => {
  it.each([
    ['stays', 0, {}, 'stays'],
    ['falls by an octave', -1, {}, 'moves'],
    ['rises by a quarter of an octave', 0.25, {}, 'moves'],
    ['is undecided between draws that disagree', -1, { asides: [2.5, -2.5, 1.5, -1.4] }, 'undecided'],
    ['is of no use where every learning rate will do', 0, { width: 12 }, 'flat'],
  ] as const)('%s', (_, shift, shape, verdict) => {
    const asides = [0.05, -0.05, 0.02, -0.02];
    const found = measured(valley(-8, { width: 2, ...shape, asides }), valley(-8 + shift, shape));
    expect(found.verdict).toBe(verdict);
    const { low, high } = found.interval ?? { low: NaN, high: NaN };
    expect(2 ** shift).toBeGreaterThanOrEqual(low);
    expect(2 ** shift).toBeLessThanOrEqual(high);
    if (verdict !== 'undecided') expect(Math.log2(found.shift)).toBeCloseTo(shift, 1);
  });

  it('says what leaving the learning rate costs', () => {
    const [from, to] = [valley(-9, { asides: [0] }), valley(-8, { asides: [0] })];
    expect(bestRate(from)).toBeCloseTo(-9);
    expect(regretAt(to, -9)).toBeCloseTo(0.25);
    expect(measured(from, to)).toMatchObject({ verdict: 'undecided', reason: 'few-draws', interval: null });
  });

  it('is undecided where nothing is learned, or the best lies at the edge', () => {
    expect(measured(valley(-8, { floor: 1.19 }), valley(-8))).toMatchObject({ reason: 'not-learning' });
    expect(measured(valley(-8), valley(-12, { floor: 1 }))).toMatchObject({ reason: 'not-learning' });
    expect(measured(valley(-8), valley(-13))).toMatchObject({ reason: 'at-the-edge' });
    expect(measured(valley(-8), valley(-8, { width: 0.5 }))).toMatchObject({ reason: 'single' });
  });

  it('looks for the best where the first valley is, not in one of huge learning rates', () => {
    const coarse = (...losses: number[]): RateCurve => {
      return { points: losses.map((loss, i) => ({ rate: 3 * i - 17, losses: [loss] })), starts: [5.7] };
    };
    expect(firstValley(coarse(5.6, 5.5, 5.1, 1.5, 1.7, 2.6, 1.3))).toBeCloseTo(-6.5, 0);
    expect(firstValley(coarse(5.7, 5.7, 5.6, 5.4, 4.9, 3.8, 1.3))).toBe(1);
  });

  it('leaves half a step open where the loss explodes one step beyond the best', () => {
    const cliff = (at: number): RateCurve => {
      const { points, starts } = valley(-8);
      return { starts, points: points.map((point) => (point.rate > at ? { ...point, losses: [9, 9, 9, 9] } : point)) };
    };
    const widthOf = ({ interval }: ReturnType<typeof measured>): number =>
      interval ? Math.log2(interval.high / interval.low) : NaN;
    expect(widthOf(measured(cliff(-4), cliff(-4)))).toBeLessThan(0.5);
    expect(widthOf(measured(cliff(-4), cliff(-8)))).toBeGreaterThan(1);
  });

  it('counts a run that exploded as one that learned nothing', () => {
    const exploded = valley(-8);
    const points = exploded.points.map((point, i) =>
      i > 6 ? { ...point, losses: point.losses.map(() => NaN) } : point,
    );
    expect(measured(valley(-8), { ...exploded, points }).shift).toBeCloseTo(1, 0);
  });
});
