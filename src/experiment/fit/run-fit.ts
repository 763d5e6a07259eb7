import type { ExperimentSpec, Fit, VariantSpec } from '../spec';
import type { Trained } from '../training/train';
import { plannedAt } from './rates';
import { closestRate } from './search';

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
