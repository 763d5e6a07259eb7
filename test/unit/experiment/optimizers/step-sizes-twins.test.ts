import { describe, expect, it } from 'vitest';
import { deviationsOf } from '../../../../src/experiment/verdict/deviations';
import { movedBy } from '../../../../src/experiment/variants/numbers';
import type { FactorHyper, VariantSpec } from '../../../../src/experiment/spec';
import { rescale, type GaugeId, type Rescaling } from '../../../../src/recipe/gauge';
import type { OptimizerRow } from '../../../../src/recipe/optimizers/optimizer-row';
import type { ConstantId, Constants } from '../../../../src/recipe/optimizers/constants';
import { DISTANCE_ROWS } from '../../../../src/recipe/optimizers/rows/own-rate';
import { FACTORED_ROWS } from '../../../../src/recipe/optimizers/rows/factored';
import { OWN_RATE_ROWS } from '../../../../src/recipe/optimizers/rows/own-rate';
import { SIGN_ROWS } from '../../../../src/recipe/optimizers/rows/adam';
import { TRUST_RATIO_ROWS } from '../../../../src/recipe/optimizers/rows/weight-norm';
import { UPDATE_NORM_ROWS } from '../../../../src/recipe/optimizers/rows/weight-norm';
import { run, spec, variant } from '../support/lab';
import { baseOf as startOf, published, trainCase } from './published';

const ROWS = [SIGN_ROWS, FACTORED_ROWS, TRUST_RATIO_ROWS, DISTANCE_ROWS, OWN_RATE_ROWS].flatMap((rows) =>
  Object.values<OptimizerRow>(rows),
);

/** Constants large enough to be felt within a short run. */
const LOUD: Constants = {
  eps: 0.1,
  epsRms: 0.05,
  gamma: 20,
  trustCap: 0.3,
  d0: 1e-2,
  rateBump: 2e-3,
  minRate: 8e-3,
  maxRate: 1.4e-2,
};

/** Settings without a unit besides a row's own, each to be tried. */
const WAYS: readonly Readonly<Record<string, number>>[] = [
  {},
  { beta1: 0.8, clipThreshold: 0.7, decayRate: -0.5, warmupInit: 1 },
  { biasCorrection: 1, safeguardWarmup: 1, growthRate: 1.2, noProx: 1, dCoef: 2, polarityHistory: 3, trust: 0.1 },
];

function baseOf(row: OptimizerRow, given: Constants = LOUD): VariantSpec {
  const constants = Object.fromEntries(
    row.constants.map(({ constant, default: usual }) => [constant, given[constant] ?? usual]),
  );
  const factor: FactorHyper = { lr: row.rate === 'fixed' ? 1 : row.d < 0 ? 0.5 : 0.01, weightDecay: 0.1, constants };
  return variant({ a: factor, b: factor });
}

function ruleVariant(base: VariantSpec, moved: Rescaling): VariantSpec {
  return {
    ...base,
    ...movedBy(base, moved),
    name: 'twin',
    role: 'rescaled',
    scaling: base.scaling * moved.k,
    init: { A: moved.a.init, B: moved.b.init },
    gauge: moved.gauge,
  };
}

/** How far each twin's losses and weights are from the base's. */
async function distances(
  row: OptimizerRow,
  twins: readonly VariantSpec[],
  way = WAYS[0],
  backend: 'cpu' | 'wasm' = 'cpu',
  base = baseOf(row),
): Promise<number[]> {
  const optimizer = { row: row.id, betas: [0.8, 0.95] as const, momentum: 0.6, nesterov: false };
  const { losses, weightDeviation } = await run(
    spec({
      backend,
      variants: [base, ...twins],
      schedule: { kind: 'cosine', warmupSteps: 3 },
      optimizer: { ...optimizer, options: { ...row.options, ...way } },
    }),
  );
  return twins.map((_, i) =>
    Math.max(...deviationsOf(losses[i + 1] ?? [], losses[0] ?? []), weightDeviation[i + 1] ?? Number.NaN),
  );
}

const gaugesOf = ({ gauges }: OptimizerRow): GaugeId[] =>
  gauges === 'symmetric' ? ['symmetric'] : ['symmetric', 'keep-init', 'keep-b'];

/** What the rule says has the same bits, where the first step's rate may move besides. */
const EXACT = ROWS.filter(({ exactness, early, rate }) => exactness === 'exact' || early || rate === 'fixed');

describe.each(EXACT.map((row) => [row.id, row] as const))('a twin under %s', (_, row) => {
  it.each(['cpu', 'wasm'] as const)(
    'has the base’s bits in every gauge, whatever the settings, on %s',
    async (backend) => {
      const twins = gaugesOf(row).flatMap((gauge) =>
        [4, 1 / 16].map((k) => ruleVariant(baseOf(row), rescale(row, k, gauge))),
      );
      for (const way of WAYS) expect(Math.max(...(await distances(row, twins, way, backend)))).toBe(0);
    },
  );

  it('is another run where a constant is left alone', async () => {
    const moved = rescale(row, 4, 'symmetric');
    for (const { constant } of row.constants) {
      const [far = 0] = await distances(row, [ruleVariant(baseOf(row), without(moved, constant))]);
      expect(far, constant).toBeGreaterThan(1e-6);
    }
  });
});

describe('a distance that A and B share', () => {
  it('asks for the symmetric gauge', async () => {
    for (const row of Object.values(DISTANCE_ROWS)) {
      const [far = 0] = await distances(row, [ruleVariant(baseOf(row), rescale(row, 4, 'keep-init'))]);
      expect(far, row.id).toBeGreaterThan(1e-3);
    }
  });
});

function without(moved: Rescaling, constant: ConstantId): Rescaling {
  const still = { [constant]: 1 };
  return {
    ...moved,
    a: { ...moved.a, constants: { ...moved.a.constants, ...still } },
    b: { ...moved.b, constants: { ...moved.b.constants, ...still } },
  };
}

describe('a step cut to the norm of the weights', () => {
  it.each(published('step-sizes.json').filter(([id]) => id.startsWith('bnb-')))(
    'has the base’s bits in every gauge where B starts from numbers, under %s, and not with a number left alone',
    async (id, golden) => {
      const row = Object.values(UPDATE_NORM_ROWS).find((each) => each.id === id);
      if (!row) throw new Error(`no row ${id}`);
      const base = startOf(golden);
      const lossesOf = async (moved: Rescaling): Promise<number> => {
        const twin = { ...ruleVariant(base, moved), init: { A: moved.a.init, B: moved.b.init } };
        const { losses } = await trainCase(golden, [base, twin], 'cpu');
        return Math.max(...deviationsOf(losses[1] ?? [], losses[0] ?? []));
      };
      for (const gauge of gaugesOf(row)) {
        for (const k of [16, 1 / 16]) expect(await lossesOf(rescale(row, k, gauge))).toBe(0);
      }
      for (const { constant } of row.constants) {
        expect(await lossesOf(without(rescale(row, 16, 'symmetric'), constant)), constant).toBeGreaterThan(1e-5);
      }
    },
  );
});
