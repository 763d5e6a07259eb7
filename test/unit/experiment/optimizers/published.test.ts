import { memory } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { FactorHyper, VariantSpec } from '../../../../src/experiment/spec';
import { ruleVariant } from '../../../../src/experiment/variants/rule';
import { deviationsOf } from '../../../../src/experiment/verdict/deviations';
import type { GaugeId } from '../../../../src/recipe/gauge';
import type { ConstantId } from '../../../../src/recipe/optimizers/constants';
import type { OptimizerRow } from '../../../../src/recipe/optimizers/optimizer-row';
import { baseOf, distanceFrom, published, rowOf, trainCase, type Published } from './published';

type Row = [name: string, one: Published];

const REFERENCE = published('reference.json');
const STEP_SIZES = published('step-sizes.json');
const MATRIX = published('matrix.json');
/** Those whose rule has the same bits, where the first step's rate may move besides; and what a wrong number is off by. */
const RULED = [
  ...REFERENCE.map((row) => [...row, 2e-5] as const),
  ...MATRIX.map((row) => [...row, 1e-5] as const),
  ...STEP_SIZES.flatMap((row) => {
    const { exactness, early, rate } = rowOf(row[1].row);
    return exactness === 'exact' || early !== undefined || rate === 'fixed' ? [[...row, 1e-7] as const] : [];
  }),
];

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  // A dozen float32 steps against float64: a few units in the last place.
  const least = { cpu: 2e-6, wasm: 3e-6 }[backend];
  const cases = [
    ...REFERENCE.map((row) => [...row, least] as const),
    ...STEP_SIZES.map((row) => [...row, 2e-6] as const),
    ...MATRIX.map((row) => [...row, 3e-6] as const),
  ];

  it.each(cases)('%s is what its package trains', async (_, one, most) => {
    expect(await distanceFrom(one, backend)).toBeLessThan(most);
    const before = memory().numTensors;
    await distanceFrom(one, backend);
    expect(memory().numTensors).toBe(before);
  });

  it.each(RULED)('%s is the same run at another scaling, in every gauge', async (_, one) => {
    const row = rowOf(one.row);
    // RAdam's decoupled decay would have to move with the rates of the first steps.
    const still = ({ weightDecay: __, ...hyper }: FactorHyper): FactorHyper => ({ ...hyper, weightDecay: 0 });
    const own = row.id === 'radam-decoupled' ? { ...one, a: still(one.a), b: still(one.b) } : one;
    const base = baseOf(own);
    const twins = gaugesOf(row).flatMap((gauge) =>
      [-3, -1, 1, 2, 5].map((power) => {
        const k = (gauge === 'symmetric' ? 4 : 2) ** power;
        return { ...ruleVariant(base, row, k, gauge), name: `${gauge} ${k}` };
      }),
    );
    const { apart, losses } = await trainCase(own, [base, ...twins], backend);
    expect(losses[0]?.at(-1)).not.toBe(losses[0]?.[0]);
    expect(Math.max(...apart)).toBeLessThanOrEqual(allowed(row));
  });

  it.each(RULED)('%s is another run where a number stays behind', async (id, one, least) => {
    const base = baseOf(one);
    const forgetful = forgetting(ruleVariant(base, rowOf(one.row), 16), base);
    const { losses } = await trainCase(one, [base, ...Object.values(forgetful)], backend);
    const [first = [], ...others] = losses;
    Object.keys(forgetful).forEach((name, i) => {
      if (IDLE.has(`${id}: ${name}`)) return;
      const off = Math.max(...deviationsOf(others[i] ?? [], first));
      expect(off, `${name} left alone`).toBeGreaterThan(least);
    });
  });
});

/** A fixed number beside a norm cannot move with the scaling, so it shows in the last digits. */
function allowed({ id, exactness, early }: OptimizerRow): number {
  if (MATRIX.some(([, { row }]) => row === id)) return id === 'apollo' ? 1e-6 : 0;
  return exactness === 'exact' || early !== undefined ? 0 : 2e-5;
}

function gaugesOf({ frozen, gauges }: OptimizerRow): GaugeId[] {
  if (frozen) return ['keep-init'];
  return gauges === 'symmetric' ? ['symmetric'] : ['symmetric', 'keep-init', 'keep-b'];
}

/** The twin with each number that should have moved left as the base has it, by that number's name. */
function forgetting(twin: VariantSpec, base: VariantSpec): Record<string, VariantSpec> {
  const without = (change: (moved: FactorHyper, still: FactorHyper) => FactorHyper): VariantSpec => ({
    ...twin,
    a: change(twin.a, base.a),
    b: change(twin.b, base.b),
  });
  // Beside gradients of this size, an eps below 1e-4 is lost.
  const constants = Object.entries(base.a.constants).filter(
    ([id, value]) => twin.a.constants[id as ConstantId] !== value && (id !== 'eps' || value >= 1e-4),
  );
  return {
    ...(twin.a.lr === base.a.lr ? {} : { lr: without((moved, { lr }) => ({ ...moved, lr })) }),
    ...(base.b.weightDecay === 0 ? {} : { decay: without((moved, { weightDecay }) => ({ ...moved, weightDecay })) }),
    ...Object.fromEntries(
      constants.map(([id]) => [
        id,
        without((moved, still) => ({
          ...moved,
          constants: { ...moved.constants, [id]: still.constants[id as ConstantId] },
        })),
      ]),
    ),
  };
}

describe('a number that is wrong shows', () => {
  // One percent of B's alone, and a tenth of both.
  const ofB = REFERENCE.flatMap((row) => wrongOnes(row, 0.01, (one, change) => ({ ...one, b: change(one.b) }), 2e-6));
  const ofBoth = STEP_SIZES.flatMap((row) =>
    wrongOnes(row, 0.1, (one, change) => ({ ...one, a: change(one.a), b: change(one.b) }), 4e-6),
  );
  it.each([...ofB, ...ofBoth].filter(([name]) => !IDLE.has(name)))('%s', async (_, one, least) => {
    expect(await distanceFrom(one, 'cpu')).toBeGreaterThan(least);
  });
});

/** What plays no part in a case: ASGD's averages, bounds that are far away, and a start below the lower bound. */
const IDLE: ReadonlySet<string> = new Set([
  'asgd: t0',
  'sophia: eps',
  'lamb: trustCap',
  'automagic3: minRate',
  'automagic3-low: lr',
]);

/** The case with each of its numbers off by a share, one at a time; a switch is turned over. */
function wrongOnes(
  [id, one]: Row,
  share: number,
  withHyper: (one: Published, change: (hyper: FactorHyper) => FactorHyper) => Published,
  least: number,
): [name: string, one: Published, least: number][] {
  const up = 1 + share;
  const off = (value: number): number => {
    if (value === 0 || value === 1) return 1 - value;
    return share === 0.1 && Number.isInteger(value) ? value + 1 : (1 - share) * value;
  };
  const constants = Object.keys(one.b.constants) as ConstantId[];
  const wrong: Record<string, Published> = {
    lr: withHyper(one, (hyper) => ({ ...hyper, lr: up * hyper.lr })),
    ...(one.b.weightDecay === 0
      ? {}
      : { decay: withHyper(one, (hyper) => ({ ...hyper, weightDecay: up * hyper.weightDecay })) }),
    ...Object.fromEntries(
      constants.map((name) => [
        name,
        withHyper(one, ({ constants: all, ...hyper }) => ({
          ...hyper,
          constants: { ...all, [name]: up * (all[name] ?? 0) },
        })),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(one.options).map(([name, value]) => [
        name,
        { ...one, options: { ...one.options, [name]: off(value) } },
      ]),
    ),
  };
  return Object.entries(wrong).map(([name, case_]) => [`${id}: ${name}`, case_, least]);
}

describe('LoRA-FA', () => {
  it('keeps A out of the norm that clips, so that the threshold moves with B', async () => {
    const [, one] = MATRIX.find(([id]) => id === 'lora-fa') ?? [];
    if (!one) throw new Error('no case lora-fa');
    // With B away from zero there is a gradient of A, which would count otherwise.
    const filled = { ...one, filled: true };
    const base = { ...baseOf(one), maxGradNorm: 0.05 };
    const twin = ruleVariant(base, rowOf(one.row), 8);
    expect(twin).toMatchObject({ gauge: { p: 1, q: 8 }, init: { A: 1 }, maxGradNorm: 0.4 });
    const variants = [base, twin, baseOf(one), { ...twin, maxGradNorm: 0.05 }];
    const { losses, apart } = await trainCase(filled, variants, 'cpu');
    expect(apart[1]).toBe(0);
    expect(losses[2]).not.toEqual(losses[0]);
    expect(losses[3]).not.toEqual(losses[0]);
  });
});
