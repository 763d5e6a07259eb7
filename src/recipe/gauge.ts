import { checkPositive, RecipeError } from './recipe';
import { lrPower, type OptimizerRow } from './optimizers/optimizer-row';
import type { Constants } from './optimizers/constants';

/** A split of the change of scaling k = p·q: the new run starts from A/p and B/q. */
export type Gauge = Record<'p' | 'q', number>;

export type GaugeId = 'symmetric' | 'keep-init' | 'keep-b';

/** Factors on every number of A or B if it starts divided by c. */
export interface FactorChanges {
  init: number;
  lr: number;
  weightDecay: number;
  constants: Constants;
  /** Additional factors on the rate of the first steps; empty for most optimizers. */
  early: readonly number[];
}

/** A complete change of a recipe: factors for A, for B and for shared numbers. */
export interface Rescaling {
  k: number;
  gauge: Gauge;
  a: FactorChanges;
  b: FactorChanges;
  /** Factor on max grad norm; null if no single value is exact (p ≠ q). */
  maxGradNorm: number | null;
}

/** Whether p and q are powers of two: then division changes only exponents and never rounds. */
export const roundsNothing = ({ p, q }: Gauge): boolean =>
  Number.isInteger(Math.log2(p)) && Number.isInteger(Math.log2(q));

/** p and q as powers of k. */
export const GAUGE_POWERS: Readonly<Record<GaugeId, Gauge>> = {
  symmetric: { p: 1 / 2, q: 1 / 2 },
  'keep-init': { p: 0, q: 1 },
  'keep-b': { p: 1, q: 0 },
};

/** The gauge in which every number of the row has an exact value. */
export const exactGauge = ({ frozen }: OptimizerRow): GaugeId => (frozen === 'A' ? 'keep-init' : 'symmetric');

/**
 * The named gauge for a change of scaling by `k`.
 * @throws RecipeError unless k is a number above 0
 */
export function gaugeOf(id: GaugeId, k: number): Gauge {
  checkPositive('k', k);
  const split = (power: number): number => (power === 1 / 2 ? Math.sqrt(k) : k ** power);
  return { p: split(GAUGE_POWERS[id].p), q: split(GAUGE_POWERS[id].q) };
}

/**
 * All factors of a run under `row` if its scaling is multiplied by `k`: the rule once more, from the row alone. Plans are
 * made in plans/plans.ts and changes.ts, and the experiment holds them to this.
 * @param gauge a name, or any split with p·q = k
 * @throws RecipeError unless k, p and q are above 0 and p·q = k; and if the row has no rule
 */
export function rescale(row: OptimizerRow, k: number, gauge: GaugeId | Gauge): Rescaling {
  checkPositive('k', k);
  if (row.noRule) throw new RecipeError('optimizer', `no rule is known for ${row.title}, so nothing can be rescaled`);
  const { p, q } = typeof gauge === 'string' ? gaugeOf(gauge, k) : gauge;
  checkPositive('p', p);
  checkPositive('q', q);
  if (!(Math.abs((p * q) / k - 1) < 1e-9)) throw new RecipeError('gauge', `p·q is ${p * q}; it must be k, ${k}`);
  const changes = (c: number, factor: 'A' | 'B'): FactorChanges => ({
    init: 1 / c,
    lr: c ** lrPower(row),
    weightDecay: c ** row.decayPower,
    constants: Object.fromEntries(row.constants.map(({ constant, power }) => [constant, c ** power])),
    early: earlyFactors(row, c, factor),
  });
  // A frozen factor does not count in the norm.
  const maxGradNorm = p === q || row.frozen === 'A' ? q : null;
  return { k, gauge: { p, q }, a: changes(p, 'A'), b: changes(q, 'B'), maxGradNorm };
}

function earlyFactors({ early }: OptimizerRow, c: number, factor: 'A' | 'B'): readonly number[] {
  if (!early || (early.of === 'B' && factor === 'A')) return [];
  return Array.from({ length: early.steps }, () => c ** early.power);
}
