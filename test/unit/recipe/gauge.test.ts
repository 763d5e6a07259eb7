import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactGauge, gaugeOf, rescale, type GaugeId } from '../../../src/recipe/gauge';
import { lrPower, type OptimizerRow } from '../../../src/recipe/optimizers/optimizer-row';
import { ROWS_WITHOUT_RULE, optimizerRow, OPTIMIZER_ROWS } from '../../../src/recipe/optimizers/optimizers';

const gauges = fc.constantFrom<GaugeId>('symmetric', 'keep-init', 'keep-b');
const rows = fc.constantFrom(...OPTIMIZER_ROWS);
/** Rows whose rate is the one that is set, and no share of the weights or of a distance the optimizer guesses. */
const plainRows = fc.constantFrom(...OPTIMIZER_ROWS.filter(({ e, gauges }) => e === 0 && gauges === undefined));
const factors = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
const row = (id: string): OptimizerRow => {
  const found = optimizerRow(id);
  if (!found) throw new Error(`no row ${id}`);
  return found;
};

describe('rescale', () => {
  it('moves SGD by lr/k and Adam by lr/√k in the symmetric gauge', () => {
    expect(rescale(row('sgd'), 4, 'symmetric').a.lr).toBe(1 / 4);
    expect(rescale(row('adam'), 4, 'symmetric').a.lr).toBe(1 / 2);
    expect(rescale(row('adamw'), 16, 'symmetric')).toEqual({
      k: 16,
      gauge: { p: 4, q: 4 },
      a: { init: 1 / 4, lr: 1 / 4, weightDecay: 4, constants: { eps: 4 }, early: [] },
      b: { init: 1 / 4, lr: 1 / 4, weightDecay: 4, constants: { eps: 4 }, early: [] },
      maxGradNorm: 4,
    });
  });

  it('moves the threshold of clipping with B alone where A is frozen', () => {
    const loraFa = row('lora-fa');
    expect(exactGauge(loraFa)).toBe('keep-init');
    expect(exactGauge(row('muon'))).toBe('symmetric');
    expect(rescale(loraFa, 4, 'keep-init')).toMatchObject({
      a: { init: 1, lr: 1 },
      b: { init: 1 / 4, lr: 1 / 4, weightDecay: 4, constants: { eps: 1 / 4 } },
      maxGradNorm: 4,
    });
    expect(rescale(row('muon'), 4, 'keep-init').maxGradNorm).toBeNull();
  });

  it('moves coupled decay by c² and decoupled decay by lr/lr′', () => {
    fc.assert(
      fc.property(plainRows, factors, gauges, (r, k, id) => {
        const moved = rescale(r, k, id);
        const expected = { coupled: moved.gauge.p ** 2, decoupled: 1 / moved.a.lr, none: 1 }[r.decay];
        expect(moved.a.weightDecay / expected).toBeCloseTo(1, 9);
      }),
    );
  });

  it('has no clip threshold that is exact when A and B move apart', () => {
    expect(rescale(row('adam'), 4, 'keep-init').maxGradNorm).toBeNull();
    expect(rescale(row('adam'), 4, 'keep-b').maxGradNorm).toBeNull();
  });

  it('is the identity at k = 1', () => {
    fc.assert(
      fc.property(rows, gauges, (r, id) => {
        const moved = rescale(r, 1, id);
        expect([moved.a.lr, moved.b.lr, moved.a.init, moved.b.init, moved.a.weightDecay]).toEqual([1, 1, 1, 1, 1]);
      }),
    );
  });

  it('splits k without remainder', () => {
    fc.assert(
      fc.property(gauges, factors, (id, k) => {
        const { p, q } = gaugeOf(id, k);
        expect((p * q) / k).toBeCloseTo(1, 12);
      }),
    );
  });

  it('loses no bit at powers of four', () => {
    for (const r of OPTIMIZER_ROWS) {
      for (const k of [1 / 256, 1 / 16, 1 / 4, 4, 16, 64, 256]) {
        const { a } = rescale(r, k, 'symmetric');
        for (const factor of [a.init, a.lr, a.weightDecay, ...Object.values(a.constants)])
          expect(Number.isInteger(Math.log2(factor))).toBe(true);
      }
    }
  });
});

describe('the optimizer table', () => {
  it('names each row once and gives each a source and a reason', () => {
    const ids = OPTIMIZER_ROWS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { source, why } of OPTIMIZER_ROWS) {
      expect(source).toMatch(/^https:/);
      expect(why.length).toBeGreaterThan(40);
    }
  });

  it('has rows without a rule, which nothing can be rescaled under and which say why', () => {
    for (const none of ROWS_WITHOUT_RULE) {
      expect(optimizerRow(none.id)).toBe(none);
      expect(OPTIMIZER_ROWS).not.toContain(none);
      expect(none).toMatchObject({ noRule: true, exactness: 'approximate', limit: { code: 'no-rule' } });
      expect(() => rescale(none, 4, 'symmetric')).toThrow(/no rule is known for/);
    }
    expect(ROWS_WITHOUT_RULE).not.toEqual([]);
  });

  it('knows nothing of an optimizer it has no row for', () => {
    expect(optimizerRow('no-such-optimizer')).toBeUndefined();
    expect(optimizerRow(null)).toBeUndefined();
  });

  it('turns degrees into the power of the learning rate', () => {
    expect(lrPower(row('sgd'))).toBe(-2);
    expect(lrPower(row('adamw'))).toBe(-1);
  });
});
