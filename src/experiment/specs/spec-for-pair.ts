import * as l10n from '@vscode/l10n';
import type { ConfigComparison } from '../../config/compare/compare-configs';
import type { ConfigRecipe } from '../../config/plan/as-trained';
import type { Claim } from '../../config/plan/claim';
import type { ComparedQuantity, SideNames } from '../../recipe/compare/compared';
import { sharedRow } from '../../recipe/compare/ratio';
import { initFacts } from '../../recipe/init/facts';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import { rowUnder } from '../../recipe/optimizers/early-steps';
import type { Recipe } from '../../recipe/recipe';
import type { VariantSpec } from '../spec';
import { betasOf } from '../toy/toy';
import { controlsOf } from '../variants/draws';
import { numbersOf, sameNumbers } from '../variants/numbers';
import { isSameRun, proofsOf } from '../variants/proof';
import { isSame, ruleVariant } from '../variants/rule';
import { baseOf } from '../variants/variants';
import { listed } from '../words/sizes';
import { preparedFor, type PreparedSpec, type SpecOptions } from './spec-for';

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
 * The experiment that trains two compared configs from one draw, the first as the baseline; or why there is none, in one
 * or two sentences. Scaling, learning rates, weight decay, constants, clipping and the size of the init are each
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
  // PEFT's LoRA+ puts DoRA's magnitudes into B's group, which other trainers do not; the model has them in A's.
  const splits = ({ lrB, loraplusLrRatio }: Recipe): boolean => lrB !== null || (loraplusLrRatio ?? 1) !== 1;
  const untrained = [
    ...open.filter((each) => !isTrained(each)).map(({ name }) => name),
    ...(first.useDora && [first, second].some(splits) ? [l10n.t("the learning rate of DoRA's magnitudes")] : []),
  ];
  const untrainedWords = untrained.length === 0 ? '' : l10n.t`Not trained here: ${untrained.join(', ')}.`;
  const isAlike = first.scaling === second.scaling && sameNumbers(numbersOf(first, row), numbersOf(second, row));
  if (untrained.length > 0 && isAlike) return l10n.t`Both train the same in the small model. ${untrainedWords}`;
  const p = signatures[0].gauge.p / signatures[1].gauge.p;
  const isByRule = compared.every((each) => !isTrained(each) || each.same === true);
  const same = open.length === 0 && untrained.length === 0;
  return {
    ...preparedFor(first, row, options, { variants: pairVariants(first, second, row, p, isByRule, names) }),
    untrained: untrainedWords,
    claim: {
      asRead: same ? 'exact' : verdict === 'nearly' ? 'nearly' : 'approximate',
      limit: open.length === 0 ? null : l10n.t`What differs: ${listed(open.map(({ name }) => name))}.`,
      notUnderstood: [...reading.notUnderstood, ...other.notUnderstood],
    },
  };
}

/**
 * The runs of two recipes, side by side: the first is the baseline. The second is the rescaled run if it follows the
 * rule, and as it is written if it does not. Alpha alone and the proofs are trained only for a second that claims to be
 * the same run.
 * @param p the second starts from A/p, where A is the start of the first
 * @param isByRule every number of the second is the one that the rule asks for, up to the digits that are written
 */
function pairVariants(
  first: Recipe,
  second: Recipe,
  row: OptimizerRow,
  p: number,
  isByRule: boolean,
  names: SideNames,
): VariantSpec[] {
  const unnamed = baseOf(first.scaling, numbersOf(first, row));
  const base: VariantSpec = { ...unnamed, config: names.first };
  const { scaling } = second;
  const k = scaling / first.scaling;
  // Where the gauge is symmetric up to the rounding of float64, p and q are one number, as clipping needs.
  const root = Math.sqrt(k);
  const gauge = isSame(p, root) ? { p: root, q: root } : { p, q: k / p };
  const init = { A: 1 / gauge.p, B: 1 / gauge.q };
  const own = { name: 'rescaled', role: 'rescaled', config: names.second, scaling, init, gauge } as const;
  const written: VariantSpec = { ...base, ...numbersOf(second, row), ...own };
  const controls = controlsOf(unnamed);
  if (!isByRule || row.noRule) return [base, written, ...controls];
  const byRule = ruleVariant(base, row, k, gauge);
  const exact: VariantSpec = { ...byRule, ...own, gauge: byRule.gauge };
  const isExact = sameNumbers(exact, written);
  const alone: VariantSpec = { ...base, name: 'alpha-only', role: 'alpha-only', scaling };
  const further: VariantSpec[] = [
    ...(isExact ? [] : [{ ...written, name: 'as-written', role: 'as-written' } as const]),
    ...(k !== 1 && !isSameRun(alone, exact) ? [alone] : []),
    ...proofsOf(base, exact, row),
  ];
  // Only the two configs' own runs carry their names.
  return [base, isExact ? written : exact, ...further.map(({ config: _, ...variant }) => variant), ...controls];
}
