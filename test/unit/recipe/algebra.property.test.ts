import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare } from '../../../src/recipe/compare/compare-recipes';
import { rescale, type GaugeId, type Rescaling } from '../../../src/recipe/gauge';
import { OPTIMIZER_ROWS } from '../../../src/recipe/optimizers/optimizers';
import { plansFor } from '../../../src/recipe/plans/plans';
import { PLAN_IDS, type Plans } from '../../../src/recipe/plans/plan';
import { alphaFor, RecipeError, scalingOf, type Recipe, type ScalingRule } from '../../../src/recipe/recipe';
import { signatureOf } from '../../../src/recipe/signature';
import { everyKnob, recipeWith } from '../../support/recipe';
import { anyRow, magnitudes } from '../../support/recipes';

const RUNS = { numRuns: 1000 };
const rules = fc.constantFrom<ScalingRule>('standard', 'rslora', 'direct');
const factors = magnitudes(1e-3, 1e3);
const gauges = fc.constantFrom<GaugeId>('symmetric', 'keep-init', 'keep-b');

/** Every factor of a rescaling, in one order. */
function flat({ a, b, gauge, maxGradNorm }: Rescaling): number[] {
  const own = [a, b].flatMap(({ init, lr, weightDecay, constants, early }) => [
    init,
    lr,
    weightDecay,
    ...Object.values(constants),
    ...early,
  ]);
  return [...own, gauge.p, gauge.q, ...(maxGradNorm === null ? [] : [maxGradNorm])];
}

const product = (one: number[], other: number[]): number[] => one.map((value, i) => value * (other[i] ?? NaN));
const furthest = (one: number[], other: number[]): number =>
  Math.max(Math.abs(one.length - other.length), ...one.map((value, i) => Math.abs(value / (other[i] ?? NaN) - 1)));

describe('rescaling', () => {
  it('there and back changes nothing', () => {
    fc.assert(
      fc.property(anyRow, factors, gauges, (row, k, gauge) => {
        const round = product(flat(rescale(row, k, gauge)), flat(rescale(row, 1 / k, gauge)));
        expect(
          furthest(
            round,
            round.map(() => 1),
          ),
        ).toBeLessThan(1e-9);
      }),
      RUNS,
    );
  });

  it('by k1 and then by k2 is by k1·k2', () => {
    fc.assert(
      fc.property(anyRow, factors, factors, gauges, (row, k1, k2, gauge) => {
        const by = (k: number): number[] => {
          const moved = rescale(row, k, gauge);
          return flat(gauge === 'symmetric' ? moved : { ...moved, maxGradNorm: null });
        };
        expect(furthest(product(by(k1), by(k2)), by(k1 * k2))).toBeLessThan(1e-9);
      }),
      RUNS,
    );
  });

  it('in the gauge (p1, q1) and then (p2, q2) is in the gauge (p1·p2, q1·q2)', () => {
    fc.assert(
      fc.property(anyRow, factors, factors, factors, factors, (row, p1, q1, p2, q2) => {
        const own = (p: number, q: number): number[] => flat({ ...rescale(row, p * q, { p, q }), maxGradNorm: null });
        expect(furthest(product(own(p1, q1), own(p2, q2)), own(p1 * p2, q1 * q2))).toBeLessThan(1e-9);
      }),
      RUNS,
    );
  });
});

describe('the scaling', () => {
  it('grows with alpha, and never with the rank', () => {
    fc.assert(
      fc.property(
        rules,
        magnitudes(1e-5, 1e5),
        magnitudes(1.0001, 10),
        fc.integer({ min: 1, max: 65535 }),
        (rule, alpha, k, rank) => {
          expect(scalingOf(rule, alpha * k, rank)).toBeGreaterThan(scalingOf(rule, alpha, rank));
          expect(scalingOf(rule, alpha, rank + 1)).toBeLessThanOrEqual(scalingOf(rule, alpha, rank));
        },
      ),
      RUNS,
    );
  });

  it('and its inverse undo each other', () => {
    fc.assert(
      fc.property(rules, magnitudes(1e-6, 1e6), fc.integer({ min: 1, max: 65536 }), (rule, alpha, rank) => {
        expect(alphaFor(rule, scalingOf(rule, alpha, rank), rank) / alpha).toBeCloseTo(1, 12);
      }),
      RUNS,
    );
  });
});

/** Numbers that people, files and bugs come up with. */
const absurd = fc.oneof(
  fc.constantFrom(0, -0, -1, 1e308, -1e308, 5e-324, NaN, Infinity, -Infinity, 1e-7, 1e7, 1.5, 1),
  fc.double(),
  magnitudes(1e-3, 1e3),
);
const perhaps = fc.oneof(
  { weight: 20, arbitrary: magnitudes(1e-6, 1e2) },
  { weight: 3, arbitrary: fc.constantFrom(null, 0) },
  { weight: 1, arbitrary: absurd },
);

/** What a call gives: numbers that are numbers, or an error that names its field. */
function survives(call: () => unknown): void {
  let value: unknown;
  try {
    value = call();
  } catch (error) {
    expect(error).toBeInstanceOf(RecipeError);
    const { field, message } = error as RecipeError;
    expect(field).not.toBe('');
    expect(message).toMatch(/ is .*; /);
    return;
  }
  for (const number of numbersIn(value)) expect(Number.isFinite(number), `${number}`).toBe(true);
}

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

const anything: fc.Arbitrary<Recipe> = fc
  .record({
    rule: rules,
    rank: fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 1, max: 64 }) }, absurd),
    alpha: fc.oneof({ weight: 20, arbitrary: magnitudes(0.01, 1000) }, absurd),
    scaling: fc.oneof({ weight: 20, arbitrary: fc.constant(null) }, absurd),
    row: fc.constantFrom(null, ...OPTIMIZER_ROWS.map(({ id }) => id)),
    name: fc.constantFrom(null, 'adamw_torch', 'mystery'),
    init: fc.constantFrom(
      null,
      'kaiming-uniform' as const,
      'pissa' as const,
      'mica' as const,
      'olora' as const,
      'random-b' as const,
    ),
    useDora: fc.boolean(),
    numbers: fc.tuple(perhaps, perhaps, perhaps, perhaps, perhaps, perhaps, perhaps, perhaps),
    constants: fc.dictionary(
      fc.constantFrom('d0', 'gamma', 'stepMin', 'epsRms'),
      perhaps.filter((value) => value !== null),
    ),
  })
  .map(({ rule, rank, alpha, scaling, row, name, init, useDora, numbers, constants }) => {
    const [learningRate, lrA, lrB, loraplusLrRatio, maxGradNorm, eps, weightDecay, momentum] = numbers;
    const usual = rule === 'direct' ? alpha : alpha / (rule === 'rslora' ? Math.sqrt(rank) : rank);
    return recipeWith({
      rank,
      alpha,
      scalingRule: rule,
      scaling: scaling ?? usual,
      useDora,
      init,
      learningRate,
      lrA,
      lrB,
      loraplusLrRatio,
      maxGradNorm,
      optimizer: { ...recipeWith().optimizer, name, row, eps, weightDecay, momentum, constants },
    });
  });

describe('absurd input', () => {
  it.each([Infinity, Number.NaN, -1])('is named wherever it stands: %s', (value) => {
    const { optimizer } = recipeWith();
    const recipes: [string, Recipe][] = [
      ['momentum', recipeWith({ optimizer: { ...optimizer, momentum: value } })],
      ['beta2', recipeWith({ optimizer: { ...optimizer, betas: [0.9, value] } })],
      ['warmup', recipeWith({ warmup: value })],
      ['dropout', recipeWith({ dropout: value })],
    ];
    for (const [field, recipe] of recipes) expect(() => signatureOf(recipe)).toThrow(new RegExp(`^${field} is`));
  });

  it('gives a number or a named error, to everything that takes numbers', () => {
    fc.assert(
      fc.property(rules, absurd, absurd, anyRow, absurd, absurd, (rule, one, other, row, p, q) => {
        survives(() => scalingOf(rule, one, other));
        survives(() => alphaFor(rule, one, other));
        for (const gauge of ['symmetric', 'keep-init', 'keep-b', { p, q }] as const) {
          survives(() => rescale(row, one, gauge));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('gives finite plans or a named error, whatever the recipe', () => {
    fc.assert(
      fc.property(anything, fc.oneof(magnitudes(1e-6, 1e6), absurd), (recipe, alpha) => {
        survives((): Plans => {
          const plans = plansFor(recipe, alpha, everyKnob);
          for (const { id } of plans.plans) expect(PLAN_IDS).toContain(id);
          return plans;
        });
      }),
      RUNS,
    );
  });

  it('gives a finite signature and comparison or a named error, whatever the recipes', () => {
    fc.assert(
      fc.property(anything, anything, absurd, (first, second, factor) => {
        survives(() => signatureOf(first, { init: { A: factor, B: 1 } }).quantities);
        survives(() => {
          const { compared, ways, meaning } = compare(first, second);
          expect(meaning).not.toMatch(/NaN|undefined|null|infinite|not a number/);
          for (const { why } of compared) expect(why).not.toMatch(/NaN|undefined|infinite/);
          return { compared, ways };
        });
      }),
      { numRuns: 1000 },
    );
  });
});
