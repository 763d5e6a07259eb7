import type { ExperimentSpec, Fit, VariantSpec, FactorHyper, FitSpec } from '../spec';
import type { Trained } from '../training/train';
import { closestRate } from './search';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';

/**
 * Searches the rate that the spec's `fit` asks for, after the variants have been trained. Each row of rates trains side
 * by side.
 * @param losses of the spec's variants, to the end of the run
 * @param trainRow trains a row on the spec's first draw
 * @returns null if no search is asked for, or if the baseline or every rate diverges
 */
export async function runFit(
  spec: ExperimentSpec,
  losses: readonly (readonly number[])[],
  trainRow: (row: ExperimentSpec) => Promise<Pick<Trained, 'losses' | 'stopped'>>,
): Promise<Fit | null> {
  const { fit, variants, seeds } = spec;
  const of = (role: VariantSpec['role']): number =>
    variants.findIndex((variant) => variant.role === role && variant.draw === 0);
  const [base, planned] = [variants[of('base')], variants[of('rescaled')]];
  const curve = losses[of('base')];
  if (!fit || !base || !planned || !curve?.every(Number.isFinite)) return null;
  return closestRate(fit, curve, async (factors) => {
    const row = factors.map((factor, i) => plannedAt(base, planned, factor, `fit-${i + 1}`));
    const trained = await trainRow({ ...spec, seeds: seeds.slice(0, 1), variants: row });
    return trained.stopped ? null : trained.losses;
  });
}

/** Rates in the first row. Rates between them are interpolated, so seven are enough. */
const COUNT = 7;

/** Maximum number of rows after the first; one or two usually suffice. */
const ROUNDS = 3;

/** How far the row extends beyond both ends, as a share of its length in log(rate). */
const MARGIN = 0.1;

/**
 * The range of factors on the baseline's rate to search: from the plan's factor, which keeps the reach of B, to 1,
 * which keeps the pace of A. A single rate is a compromise between the two (for Adam, 1/k and 1).
 * @param k factor of the scaling; 1/k replaces the plan's factor if no rule is known
 * @returns undefined if there is no rate to change
 */
export function fitFor(variants: readonly VariantSpec[], row: OptimizerRow, k: number): FitSpec | undefined {
  const [base, planned] = (['base', 'rescaled'] as const).map((role) => variants.find((each) => each.role === role));
  if (row.rate === 'fixed' || !base || !planned) return undefined;
  const factor = row.noRule ? 1 / k : planned.a.lr / base.a.lr;
  if (!(factor > 0 && Number.isFinite(factor)) || factor === 1) return undefined;
  const ends = [factor ** (1 + MARGIN), factor ** -MARGIN];
  return { from: Math.min(...ends), to: Math.max(...ends), count: COUNT, rounds: ROUNDS };
}

/** The planned run with the baseline's rates times `factor`. Rates that the plan leaves alone stay. */
export function plannedAt(base: VariantSpec, planned: VariantSpec, factor: number, name: string): VariantSpec {
  const movesRate = planned.a.lr !== base.a.lr;
  const at = (numbers: FactorHyper, { lr }: FactorHyper): FactorHyper =>
    movesRate && numbers.lr === lr ? numbers : { ...numbers, lr: lr * factor };
  return {
    ...planned,
    name,
    role: 'plan',
    a: at(planned.a, base.a),
    b: at(planned.b, base.b),
    ...(planned.m ? { m: at(planned.m, base.m ?? base.a) } : {}),
  };
}
