import * as l10n from '@vscode/l10n';
import type { ConfigComparison } from '../../config/compare/compare-configs';
import type { ConfigRecipe } from '../../config/compare/config-recipe';
import type { Claim } from '../../config/plan/claim';
import type { ComparedQuantity, SideNames } from '../../recipe/compare/compared';
import { sharedRow } from '../../recipe/compare/ratio';
import type { Recipe } from '../../recipe/recipe';
import { initFacts } from '../../recipe/init/facts';
import { rowUnder } from '../../recipe/optimizers/early-steps';
import { numbersOf, sameNumbers } from '../variants/hyper';
import { pairVariants } from '../variants/pair-variants';
import { preparedFor, type PreparedSpec, type SpecOptions } from './spec-for';
import { betasOf } from '../toy/toy';
import { listed } from '../words/sizes';

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
