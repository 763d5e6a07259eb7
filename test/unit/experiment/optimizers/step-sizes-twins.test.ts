import { describe, expect, it } from 'vitest';
import { deviationsOf } from '../../../../src/experiment/verdict/deviations';
import { movedBy } from '../../../../src/experiment/variants/numbers';
import type { VariantSpec } from '../../../../src/experiment/spec';
import { rescale, type GaugeId, type Rescaling } from '../../../../src/recipe/gauge';
import type { ConstantId, Constants } from '../../../../src/recipe/optimizers/constants';
import type { OptimizerRow } from '../../../../src/recipe/optimizers/optimizer-row';
import { DISTANCE_ROWS } from '../../../../src/recipe/optimizers/rows/own-rate';
import { UPDATE_NORM_ROWS } from '../../../../src/recipe/optimizers/rows/weight-norm';
import { run, spec, variant } from '../support/lab';
import { baseOf, published, rowOf, trainCase } from './published';

// That every published step size has the base's bits in every gauge, and not with a number left alone: published.test.ts.

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

/** How far the losses and weights of a moved run are from the base's, with constants that a short run feels. */
async function distance(row: OptimizerRow, moved: Rescaling, given: Constants): Promise<number> {
  const constants = Object.fromEntries(
    row.constants.map(({ constant, default: usual }) => [constant, given[constant] ?? usual]),
  );
  const factor = { lr: row.rate === 'fixed' ? 1 : 0.01, weightDecay: 0.1, constants };
  const base = variant({ a: factor, b: factor });
  const optimizer = { row: row.id, betas: [0.8, 0.95] as const, momentum: 0.6, nesterov: false };
  const { losses, weightDeviation } = await run(
    spec({
      variants: [base, ruleVariant(base, moved)],
      schedule: { kind: 'cosine', warmupSteps: 3 },
      optimizer: { ...optimizer, options: row.options ?? {} },
    }),
  );
  return Math.max(...deviationsOf(losses[1] ?? [], losses[0] ?? []), weightDeviation[1] ?? Number.NaN);
}

const gaugesOf = ({ gauges }: OptimizerRow): GaugeId[] =>
  gauges === 'symmetric' ? ['symmetric'] : ['symmetric', 'keep-init', 'keep-b'];

it('a distance that A and B share asks for the symmetric gauge', async () => {
  for (const row of Object.values(DISTANCE_ROWS)) {
    expect(await distance(row, rescale(row, 4, 'keep-init'), { d0: 1e-2 }), row.id).toBeGreaterThan(1e-3);
  }
});

// No published case is long enough for it to be felt.
it('the cap of a trust ratio moves with the weights', async () => {
  const [row, capped] = [rowOf('lamb'), { eps: 0.1, trustCap: 0.3 }];
  for (const gauge of gaugesOf(row)) expect(await distance(row, rescale(row, 4, gauge), capped)).toBe(0);
  const left = without(rescale(row, 4, 'symmetric'), 'trustCap');
  expect(await distance(row, left, capped)).toBeGreaterThan(1e-6);
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
      const base = baseOf(golden);
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
