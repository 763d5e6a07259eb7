import type { Gauge } from '../../recipe/gauge';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { Recipe } from '../../recipe/recipe';
import type { SideNames } from '../../recipe/compare/compared';
import { controlsOf } from './controls';
import { numbersOf, sameNumbers } from './hyper';
import { isSame } from './powers';
import { isSameRun, proofsOf } from './proof';
import { ruleVariant } from './rule';
import type { VariantSpec } from '../spec';
import { baseOf } from './variants';

/** Two recipes that one experiment can train. */
export interface TrainedPair {
  first: Recipe;
  second: Recipe;
  row: OptimizerRow;
  /** The second starts from A/p, where A is the start of the first. */
  p: number;
  /** Every number of the second is the one that the optimizer's rule asks for, up to the digits that are written. */
  isByRule: boolean;
  names: SideNames;
}

/**
 * The runs of two recipes, side by side: the first is the baseline. The second is the rescaled run if it follows the
 * rule, and as it is written if it does not. Alpha alone and the proofs are trained only for a second that claims to be
 * the same run.
 */
export function pairVariants({ first, second, row, p, isByRule, names }: TrainedPair): VariantSpec[] {
  const base: VariantSpec = { ...baseOf(first.scaling, numbersOf(first, row)), config: names.first };
  const k = second.scaling / first.scaling;
  const gauge = gaugeNear(p, k);
  const written: VariantSpec = {
    ...base,
    ...numbersOf(second, row),
    name: 'rescaled',
    role: 'rescaled',
    config: names.second,
    scaling: second.scaling,
    init: { A: 1 / gauge.p, B: 1 / gauge.q },
    gauge,
  };
  const controls = controlsOf(withoutName(base));
  if (!isByRule || row.noRule) return [base, written, ...controls];
  const { init, scaling, name, role } = written;
  const byRule = ruleVariant(base, row, k, gauge);
  const exact: VariantSpec = { ...byRule, init, scaling, name, role, config: names.second };
  const isExact = sameNumbers(exact, written);
  const alone: VariantSpec = { ...base, name: 'alpha-only', role: 'alpha-only', scaling };
  const further = [alone].filter((one) => k !== 1 && !isSameRun(one, exact));
  return [
    base,
    isExact ? written : exact,
    ...(isExact ? [] : [withoutName({ ...written, name: 'as-written', role: 'as-written' })]),
    ...[...further, ...proofsOf(base, exact, row)].map(withoutName),
    ...controls,
  ];
}

/** The gauge (p, k/p); where it is symmetric up to the rounding of float64, p and q are one number, as clipping needs. */
function gaugeNear(p: number, k: number): Gauge {
  const root = Math.sqrt(k);
  return isSame(p, root) ? { p: root, q: root } : { p, q: k / p };
}

/** Only the two configs' own runs carry their names. */
function withoutName({ config: _, ...variant }: VariantSpec): VariantSpec {
  return variant;
}
