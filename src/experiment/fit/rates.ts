import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { FactorHyper, FitSpec, VariantSpec } from '../spec';

/** Rates of the first row: those between are interpolated, so they need not stand close together. */
const COUNT = 7;

/** Rows after the first, at most; one or two are what it takes. */
const ROUNDS = 3;

/** How far the row goes beyond the two rates it lies between, as a share of the way between them (in the logarithm). */
const MARGIN = 0.1;

/**
 * Among which factors on the base's rate the closest is looked for: from the plan's, which keeps the reach of B, to 1,
 * which keeps the pace of A. A single rate is a compromise between these two (for Adam 1/k and 1).
 * @param k of the scaling; 1/k stands in for the plan's factor where no rule is known
 * @returns undefined where there is no rate to move
 */
export function fitFor(variants: readonly VariantSpec[], row: OptimizerRow, k: number): FitSpec | undefined {
  const [base, planned] = (['base', 'rescaled'] as const).map((role) => variants.find((each) => each.role === role));
  if (row.rate === 'fixed' || !base || !planned) return undefined;
  const factor = row.rule === 'none' ? 1 / k : planned.a.lr / base.a.lr;
  if (!(factor > 0 && Number.isFinite(factor)) || factor === 1) return undefined;
  const ends = [factor ** (1 + MARGIN), factor ** -MARGIN];
  return { from: Math.min(...ends), to: Math.max(...ends), count: COUNT, rounds: ROUNDS };
}

/** The planned run with `factor` on the base's rates in place of the plan's own. A rate that the plan leaves alone stays. */
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
