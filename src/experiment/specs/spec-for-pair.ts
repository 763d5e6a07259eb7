import * as l10n from '@vscode/l10n';
import type { ConfigComparison } from '../../config/compare/compare-configs';
import type { ConfigRecipe } from '../../config/plan/as-trained';
import type { Claim } from '../../config/plan/claim';
import type { ComparedQuantity, SideNames } from '../../recipe/compare/compared';
import { sharedRow } from '../../recipe/compare/ratio';
import type { Recipe } from '../../recipe/recipe';
import { initFacts } from '../../recipe/init/facts';
import { rowUnder } from '../../recipe/optimizers/early-steps';
import { numbersOf, sameNumbers } from '../variants/numbers';
import { preparedFor, type PreparedSpec, type SpecOptions } from './spec-for';
import { betasOf } from '../toy/toy';
import { listed } from '../words/sizes';
import type { Gauge } from '../../recipe/gauge';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import { controlsOf } from '../variants/draws';
import { isSame, ruleVariant } from '../variants/rule';
import { isSameRun, proofsOf } from '../variants/proof';
import type { VariantSpec } from '../spec';
import { baseOf } from '../variants/variants';

/** An experiment that trains two configs side by side. */
export interface PairSpec extends PreparedSpec {
  /** What equal curves may claim of the two runs. */
  claim: Claim;
  /** What differs, or may differ, and is the same for both in the experiment; a sentence, or empty. */
  untrained: string;
}

/** If two runs differ in one of these, they have no common start or no common step. */
const SHARED: ReadonlySet<string> = new Set(['rank', 'optimizer', 'init']);
const RATES: ReadonlySet<string> = new Set(['pace', 'reach']);

/** The numbers of a signature that the small model leaves out. */
const LEFT_OUT: ReadonlySet<string> = new Set(['start', 'residual']);

/**
 * The experiment that trains two compared configs from one draw, the first as the baseline; or why there is none, in
 * one or two sentences. Scaling, learning rates, weight decay, constants, clipping and the size of the init are each
 * config's own. Everything else comes from the first config; where the second differs, the difference is named.
 */
export function specForPair(
  { recipe: first, reading }: ConfigRecipe,
  { recipe, reading: other }: ConfigRecipe,
  { comparison, verdict }: ConfigComparison,
  names: SideNames,
  options: SpecOptions,
): PairSpec | string {
  const { compared, signatures } = comparison;
  // The model has magnitudes if the first trains DoRA.
  const second = { ...recipe, useDora: first.useDora };
  const open = compared.filter(({ same }) => same !== true);
  const blocking = open.filter(({ key }) => SHARED.has(key)).map(({ name }) => name);
  if (blocking.length > 0) return l10n.t`The small model needs the same ${listed(blocking)} in both.`;
  if (open.some(({ key, same }) => RATES.has(key) && same === null)) {
    return l10n.t('The small model needs the learning rate of both.');
  }
  const known = sharedRow(first.optimizer, second.optimizer);
  if (!known) return l10n.t`No rule is known for ${first.optimizer.name ?? ''}, so there is nothing to train.`;
  if (initFacts(first).trains === 'A') {
    return l10n.t`The init ${first.init ?? ''} freezes B, which the small model trains.`;
  }
  const row = rowUnder(known, betasOf(first, known));
  // Of the parameters without a scaling, the model trains only DoRA's magnitudes.
  const isTrained = ({ quantity }: ComparedQuantity): boolean =>
    quantity !== null && !LEFT_OUT.has(quantity.what) && (quantity.factor !== 'M' || first.useDora);
  const untrained = [
    ...open.filter((each) => !isTrained(each)).map(({ name }) => name),
    ...(splitsMagnitudes(first, second) ? [l10n.t("the learning rate of DoRA's magnitudes")] : []),
  ];
  const untrainedWords = untrained.length === 0 ? '' : l10n.t`Not trained here: ${untrained.join(', ')}.`;
  if (
    untrained.length > 0 &&
    first.scaling === second.scaling &&
    sameNumbers(numbersOf(first, row), numbersOf(second, row))
  ) {
    return l10n.t`Both train the same in the small model. ${untrainedWords}`;
  }
  const p = signatures[0].gauge.p / signatures[1].gauge.p;
  const isByRule = compared.every((each) => !isTrained(each) || each.same === true);
  const variants = pairVariants({ first, second, row, p, isByRule, names });
  const isSame = open.length === 0 && untrained.length === 0;
  return {
    ...preparedFor(first, row, options, { variants }),
    untrained: untrainedWords,
    claim: {
      asRead: isSame ? 'exact' : verdict === 'nearly' ? 'nearly' : 'approximate',
      limit: open.length === 0 ? null : l10n.t`What differs: ${listed(open.map(({ name }) => name))}.`,
      notUnderstood: [...reading.notUnderstood, ...other.notUnderstood],
    },
  };
}

/** PEFT's LoRA+ puts DoRA's magnitudes into B's group, which other trainers do not; the model has them in A's. */
function splitsMagnitudes(first: Recipe, second: Recipe): boolean {
  return (
    first.useDora && [first, second].some(({ lrB, loraplusLrRatio }) => lrB !== null || (loraplusLrRatio ?? 1) !== 1)
  );
}

/** Two recipes that one experiment can train. */
interface TrainedPair {
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
function pairVariants({ first, second, row, p, isByRule, names }: TrainedPair): VariantSpec[] {
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

/**
 * The gauge (p, k/p); where it is symmetric up to the rounding of float64, p and q are one number, as clipping needs.
 */
function gaugeNear(p: number, k: number): Gauge {
  const root = Math.sqrt(k);
  return isSame(p, root) ? { p: root, q: root } : { p, q: k / p };
}

/** Only the two configs' own runs carry their names. */
function withoutName({ config: _, ...variant }: VariantSpec): VariantSpec {
  return variant;
}
