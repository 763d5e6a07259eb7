import { describe, expect, it } from 'vitest';
import { cpu } from '../../../../src/experiment/backends/cpu';
import type { FactorHyper, VariantSpec } from '../../../../src/experiment/spec';
import { ruleVariant } from '../../../../src/experiment/variants/rule';
import { deviationsOf } from '../../../../src/experiment/verdict/deviations';
import type { GaugeId } from '../../../../src/recipe/gauge';
import type { OptimizerRow } from '../../../../src/recipe/optimizers/optimizer-row';
import { optimizerRow } from '../../../../src/recipe/optimizers/optimizers';
import { referenceOf, type ReferenceCase } from './reference';

/** Above what rounding, or a fixed 1e-6 beside a norm, does in so few steps. */
const SEEN = 2e-6;

const { cases, baseOf, trainCase } = referenceOf('reference.json');

const GAUGES: readonly GaugeId[] = ['symmetric', 'keep-init', 'keep-b'];

describe.each(cases.map((golden) => [golden.id, golden] as const))('%s', (_, golden) => {
  const row = rowOf(golden);
  const base = baseOf(golden);

  it('is the same run at another scaling, in every gauge', async () => {
    const gauges = row.gauges === 'symmetric' ? GAUGES.slice(0, 1) : GAUGES;
    const own = keepsDecayApart(row) ? withoutDecay(golden) : golden;
    const off = await deviations(
      own,
      gauges.map((gauge) => ruleVariant(baseOf(own), row, 16, gauge)),
    );
    const exact = row.exactness === 'exact' || row.early !== undefined;
    for (const deviation of off) expect(deviation).toBeLessThanOrEqual(exact ? 0 : 10 * SEEN);
  });

  it('is another run when one of its numbers stays behind', async () => {
    const moved = ruleVariant(base, row, 16);
    const forgetful = forgetting(moved, base);
    const off = await deviations(golden, Object.values(forgetful));
    for (const [i, name] of Object.keys(forgetful).entries()) {
      expect(off[i], `${name} left alone`).toBeGreaterThan(10 * SEEN);
    }
  });
});

/** Where the first steps' rate moves besides, and takes along a decay that does not look at the gradient. */
function keepsDecayApart({ id }: OptimizerRow): boolean {
  return id === 'radam-decoupled';
}

function withoutDecay(golden: ReferenceCase): ReferenceCase {
  return { ...golden, a: { ...golden.a, weightDecay: 0 }, b: { ...golden.b, weightDecay: 0 } };
}

function rowOf({ row: id }: ReferenceCase): OptimizerRow {
  const row = optimizerRow(id);
  if (!row) throw new Error(`no row ${id}`);
  return row;
}

/** Each twin's largest deviation from the base's loss. */
async function deviations(golden: ReferenceCase, twins: VariantSpec[]): Promise<number[]> {
  const named = twins.map((twin, i): VariantSpec => ({ ...twin, name: `twin-${i + 1}`, role: 'rescaled' }));
  const { losses } = await trainCase(golden, [baseOf(golden), ...named], cpu);
  const [first = [], ...others] = losses;
  return others.map((twin) => Math.max(...deviationsOf(twin, first)));
}

/** The twin with each number that should have moved left as the base has it, by that number's name. */
function forgetting(twin: VariantSpec, base: VariantSpec): Record<string, VariantSpec> {
  const without = (change: (moved: FactorHyper, still: FactorHyper) => FactorHyper): VariantSpec => ({
    ...twin,
    a: change(twin.a, base.a),
    b: change(twin.b, base.b),
  });
  const constants = Object.keys(base.a.constants).map((id): [string, VariantSpec] => [
    id,
    without((moved, still) => ({
      ...moved,
      constants: { ...moved.constants, [id]: still.constants[id as keyof FactorHyper['constants']] },
    })),
  ]);
  return {
    lr: without((moved, { lr }) => ({ ...moved, lr })),
    ...(base.b.weightDecay === 0 ? {} : { decay: without((moved, { weightDecay }) => ({ ...moved, weightDecay })) }),
    ...Object.fromEntries(constants),
  };
}
