import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { ExperimentSpec, FactorHyper, Fit, FitSpec, VariantSpec } from '../spec';
import type { Trained } from '../training/train';
import { deviationsOf, largest } from '../verdict/deviations';

/** Rates that are tried. */
const COUNT = 32;

/** How far they extend beyond both ends, as a share of the range in log(rate). */
const MARGIN = 0.1;

/**
 * The range of factors on the baseline's rate to try: from the plan's factor, which keeps the reach of B, to 1, which
 * keeps the pace of A. A single rate is a compromise between the two (for Adam, 1/k and 1).
 * @param k factor of the scaling; 1/k replaces the plan's factor if no rule is known
 * @returns undefined if there is no rate to change
 */
export function fitFor(variants: readonly VariantSpec[], row: OptimizerRow, k: number): FitSpec | undefined {
  const [base, planned] = (['base', 'rescaled'] as const).map((role) => variants.find((each) => each.role === role));
  if (row.rate === 'fixed' || !base || !planned) return undefined;
  const factor = row.noRule ? 1 / k : planned.a.lr / base.a.lr;
  if (!(factor > 0 && Number.isFinite(factor)) || factor === 1) return undefined;
  const ends = [factor ** (1 + MARGIN), factor ** -MARGIN];
  return { from: Math.min(...ends), to: Math.max(...ends), count: COUNT };
}

/**
 * Trains the rates that the spec's `fit` asks for side by side on the first draw, after the variants, and takes the one
 * whose curve is closest to the baseline's by the verdict's measure; the plan's own may be it.
 * @param losses of the spec's variants, to the end of the run
 * @returns null if none is asked for, or if the baseline or every rate diverges
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
  const { from, to, count } = fit;
  const factors = Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));
  const row = factors.map((factor, i) => plannedAt(base, planned, factor, `fit-${i + 1}`));
  const trained = await trainRow({ ...spec, seeds: seeds.slice(0, 1), variants: row });
  if (trained.stopped) return null;
  const measured = (lr: number, own: readonly number[] = []): Fit => {
    return { lr, deviation: largest(deviationsOf(own, curve)), losses: [...own] };
  };
  const itself = measured(planned.a.lr / base.a.lr, losses[of('rescaled')]);
  const tried = [itself, ...factors.map((lr, i) => measured(lr, trained.losses[i]))];
  const best = tried.reduce((closest, each) => (each.deviation < closest.deviation ? each : closest));
  return Number.isFinite(best.deviation) ? best : null;
}

/** The planned run with the baseline's rates times `factor`. Rates that the plan leaves alone stay. */
export function plannedAt(base: VariantSpec, planned: VariantSpec, factor: number, name: string): VariantSpec {
  const movesRate = planned.a.lr !== base.a.lr;
  const at = (numbers: FactorHyper, { lr }: FactorHyper): FactorHyper =>
    movesRate && numbers.lr === lr ? numbers : { ...numbers, lr: lr * factor };
  const { a, b, m } = planned;
  const magnitudes = m ? { m: at(m, base.m ?? base.a) } : {};
  return { ...planned, name, role: 'plan', a: at(a, base.a), b: at(b, base.b), ...magnitudes };
}
