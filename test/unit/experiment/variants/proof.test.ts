import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moveNumbers } from '../../../../src/experiment/variants/numbers';
import { powerOf, departuresOf, ruleVariant } from '../../../../src/experiment/variants/rule';
import { atScaling, evenScaling, isSameRun, proofsOf } from '../../../../src/experiment/variants/proof';
import type { VariantSpec } from '../../../../src/experiment/spec';
import type { GaugeId } from '../../../../src/recipe/gauge';
import { OPTIMIZER_ROWS } from '../../../../src/recipe/optimizers/optimizers';
import type { OptimizerRow } from '../../../../src/recipe/optimizers/optimizer-row';
import { variant } from '../support/lab';
import { rowOf } from '../support/every-run';

const EXACT = OPTIMIZER_ROWS.filter(({ exactness }) => exactness === 'exact');

/** A base with every number of the row at work. */
function baseOf(row: OptimizerRow): VariantSpec {
  const constants = Object.fromEntries(row.constants.map(({ constant }) => [constant, 1e-3]));
  const factor = { lr: 0.02, weightDecay: row.decay === 'none' ? 0 : 0.1, constants };
  return variant({ scaling: 2, a: factor, b: factor });
}

const anyTwin = fc.record({
  row: fc.constantFrom(...EXACT),
  k: fc.double({ min: 1e-3, max: 1e3, noNaN: true }).filter((k) => Math.abs(k - 1) > 1e-3),
  gauge: fc.constantFrom<GaugeId>('symmetric', 'keep-init', 'keep-b'),
});

function twinIn({ row, k, gauge }: { row: OptimizerRow; k: number; gauge: GaugeId }) {
  const allowed = row.frozen === 'A' ? 'keep-init' : row.gauges === 'symmetric' ? 'symmetric' : gauge;
  const base = baseOf(row);
  return { base, right: ruleVariant(base, row, k, allowed), allowed };
}

describe('a proof', () => {
  it('of a right plan is the rule’s own twin, under every exact row, at any k, in every gauge', () => {
    fc.assert(
      fc.property(anyTwin, ({ row, k, gauge }) => {
        const { base, right, allowed } = twinIn({ row, k, gauge });
        expect(departuresOf(base, right, row)).toEqual([]);
        const proofs = proofsOf(base, right, row);
        expect(proofs.some(({ role }) => role === 'rule')).toBe(false);
        const even = evenScaling(base, right);
        const expected = ruleVariant(base, row, even, allowed);
        expect(isSameRun(atScaling(base, right, even), expected)).toBe(true);
        expect(Number.isInteger(Math.log2(even))).toBe(true);
      }),
    );
  });

  it('of a plan with any number off is another run than the rule’s, which stands beside it', () => {
    fc.assert(
      fc.property(anyTwin, fc.constantFrom(0.99, 1.01, 1 + 1e-6), ({ row, k, gauge }, off) => {
        const { base, right } = twinIn({ row, k, gauge });
        const wrong = moveNumbers(base, right, (_, to, what) => (what === 'lr' ? to * off : to));
        const departures = departuresOf(base, wrong, row);
        expect(departures.map(({ what }) => what)).toContain('lr');
        for (const { by, right: asked } of departures) expect(by / (asked ?? 1)).toBeCloseTo(off, 9);
        const [proof, ...others] = proofsOf(base, wrong, row).filter(({ role }) => role !== 'wrong-number');
        const rule = others.find(({ role }) => role === 'rule') ?? proof;
        // At a power of two the plan is its own proof, and then the rule is all that is beside it.
        expect(rule?.role).toBe('rule');
        // Near k = 1 the error may read as another power: then it is off by that.
        if (proof?.role === 'proof') expect(Math.abs(proof.b.lr / (rule?.b.lr ?? 0) - 1)).toBeGreaterThan(5e-7);
      }),
    );
  });

  it('leaves one number alone at a time, and moves by c what the rule leaves', () => {
    const row = rowOf('adamw');
    const base = { ...baseOf(row), maxGradNorm: 1 };
    const right = ruleVariant(base, row, 4);
    const wrong = proofsOf(base, right, row).filter(({ role }) => role === 'wrong-number');
    expect(wrong.map(({ name }) => name).toSorted()).toEqual([
      'wrong-eps-left',
      'wrong-maxGradNorm-left',
      'wrong-weightDecay-left',
    ]);
    expect(wrong.find(({ name }) => name === 'wrong-eps-left')?.a).toEqual({
      ...right.a,
      constants: base.a.constants,
    });
    const still = { ...row, decayPower: 0 };
    const decays = proofsOf(base, ruleVariant(base, still, 4), still).filter(({ name }) =>
      name.includes('weightDecay'),
    );
    expect(decays.map(({ name, b }) => [name, b.weightDecay / base.b.weightDecay])).toEqual([
      ['wrong-weightDecay-up', 2],
      ['wrong-weightDecay-down', 1 / 2],
    ]);
    expect(decays.map(({ wrong }) => wrong)).toEqual([
      { what: 'weightDecay', how: 'up' },
      { what: 'weightDecay', how: 'down' },
    ]);
  });

  it('is not there where nothing moves, or no rule is known', () => {
    const row = rowOf('sgd');
    const base = baseOf(row);
    expect(proofsOf(base, { ...base, role: 'rescaled' }, row)).toEqual([]);
    expect(proofsOf(base, { ...base, scaling: 6 }, rowOf('dadapt-lion'))).toEqual([]);
  });
});

describe('what departs', () => {
  it('has no one right clip threshold where A and B grow apart, or beside DoRA’s magnitudes', () => {
    const row = rowOf('adamw');
    const base = { ...baseOf(row), maxGradNorm: 1, maxGradValue: 0.1 };
    const apart = departuresOf(base, ruleVariant(base, row, 4, 'keep-init'), row);
    expect(apart.map(({ what, right }) => [what, right])).toEqual([
      ['maxGradNorm', null],
      ['maxGradValue', null],
    ]);
    const dora = { ...base, m: base.a };
    expect(departuresOf(dora, ruleVariant(dora, row, 4), row)).toHaveLength(2);
    expect(departuresOf(base, ruleVariant(base, row, 4), row)).toEqual([]);
  });

  it('counts the first steps’ rate that no plan can set, and no number of a frozen factor', () => {
    const lamb = rowOf('lamb');
    const base = baseOf(lamb);
    const { lr, weightDecay, constants } = ruleVariant(base, lamb, 4).b;
    const planned = { ...ruleVariant(base, lamb, 4), b: { lr, weightDecay, constants } };
    expect(departuresOf(base, planned, lamb)).toEqual([{ what: 'early', owner: 'B', by: 1, right: 1 / 2 }]);
    const frozen = rowOf('lora-fa');
    const still = baseOf(frozen);
    const twin = ruleVariant(still, frozen, 4);
    expect(departuresOf(still, { ...twin, a: { ...twin.a, lr: 1 } }, frozen)).toEqual([]);
  });
});

it('powerOf reads a power of k, and what is left where it is none', () => {
  expect(powerOf(1 / Math.sqrt(3), 3)).toEqual({ power: -0.5, rest: 1 });
  const { power, rest } = powerOf(1.01 / Math.sqrt(3), 3);
  expect(power).toBe(-0.5);
  expect(rest).toBeCloseTo(1.01, 12);
  expect(powerOf(2, 1.0001)).toEqual({ power: 0, rest: 2 });
});
