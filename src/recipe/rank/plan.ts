import * as l10n from '@vscode/l10n';
import { initRow } from '../init/init-rows';
import { initFacts, mayAdaptEmbeddings } from '../init/facts';
import { lawOf, roundSignificant, WRITTEN_DIGITS } from '../notation';
import { rowFor } from '../optimizers/optimizers';
import type { Change, Field } from '../plans/plan';
import { isAlpha, isRank, RANK_RANGE, RecipeError, scalingOf, type Recipe } from '../recipe';
import { heldNumbers } from '../signature';
import { embeddingOf } from './embedding';
import { ALPHA_POWER, noRuleWords, RANK_RULES, recommended, type RankClaim, type RankRule } from './rules';

/** A recipe's place: what a plan for another rank starts from and leads to. */
type RankPlace = Pick<Recipe, 'rank' | 'alpha' | 'scaling'> & { lr: number | null };

/** What a rule changes for another rank, which is another run under every rule. */
export interface RankPlan extends Pick<RankRule, 'title' | 'says' | 'source'> {
  rule: RankRule['id'];
  claim: RankClaim;
  from: RankPlace;
  to: RankPlace;
  /** By what the rule multiplies the learning rate, known or not. */
  lrFactor: number;
  /** The rank, alpha, and the learning rate if it is known or moves; laws are in powers of m = new / old rank. */
  changes: readonly Change[];
}

/**
 * The plans that take a recipe to another rank: the recommended rule first, habits last.
 * @throws RecipeError unless `rank` is one
 */
export function rankPlans(recipe: Recipe, rank: number): readonly RankPlan[] {
  if (!isRank(rank)) throw new RecipeError('rank', `rank is ${rank}; it must be ${RANK_RANGE}`);
  if (rank === recipe.rank) return [];
  const chosen = recommended(recipe);
  // The table has the published rules first.
  const ordered = RANK_RULES.toSorted((one, other) => Number(other.id === chosen) - Number(one.id === chosen));
  const plans = ordered.flatMap((rule) => ruledPlan(recipe, rank, rule, rule.id === chosen));
  // `alpha = 2r` is the same as a kept scaling where alpha is twice the rank now.
  const numbersOf = ({ to, lrFactor }: RankPlan): string => String([to.alpha, lrFactor]);
  return plans.filter((plan, i) => plans.findIndex((other) => numbersOf(other) === numbersOf(plan)) === i);
}

function ruledPlan(recipe: Recipe, rank: number, rule: RankRule, isChosen: boolean): RankPlan[] {
  const { scalingRule, multiplier, learningRate: rate } = recipe;
  const { id, scaling, says, source } = rule;
  const m = rank / recipe.rank;
  const isStandard = scalingRule === 'standard';
  const isMultiple = typeof scaling === 'object';
  // Without a division by the rank there is no multiple of it.
  if (isMultiple && !isStandard) return [];
  const power = isMultiple ? 0 : scaling + ALPHA_POWER[scalingRule];
  const exact = isMultiple ? scaling.alphaPerRank * rank : recipe.alpha * m ** power;
  if (!isAlpha(exact)) return [];
  // The titles of the rules are about alpha under alpha/r.
  const title =
    isMultiple || isStandard ? rule.title : l10n.t`Scaling ${rankLaw(scaling)}, learning rate ${rankLaw(rule.lr)}`;
  const alpha = { ...changeTo('alpha', recipe.alpha, exact), law: isMultiple ? AS_ASKED : rankLaw(power) };
  const lr = changeBy('learningRate', rate, m, rule.lr);
  const written = alpha.written ?? exact;
  return [
    {
      ...{ rule: id, title, says, source, claim: isChosen ? 'recommended' : rule.claim, lrFactor: lr.factor },
      from: { rank: recipe.rank, alpha: recipe.alpha, scaling: recipe.scaling, lr: rate },
      to: { rank, alpha: written, scaling: scalingOf(scalingRule, written, rank, multiplier), lr: lr.written },
      changes: [changeTo('rank', recipe.rank, rank), alpha, ...(rate === null && rule.lr === 0 ? [] : [lr])],
    },
  ];
}

/**
 * What makes A's rows repeated the same run, the rank first; null where nothing does: it takes a multiple of the rank, an
 * init that starts B at zero, and no parameter beside A and B.
 */
export function embeddedChanges(recipe: Recipe, rank: number): readonly Change[] | null {
  const m = rank / recipe.rank;
  const row = rowFor(recipe.optimizer);
  const embedding = row && embeddingOf(row, recipe.optimizer.options);
  const { zeroB, trains } = initFacts(recipe);
  // Embedding layers start from a random B.
  const isOdd = recipe.loraBias || recipe.useDora || mayAdaptEmbeddings(recipe) || !!recipe.unscaled?.length;
  if (!embedding || !Number.isInteger(m) || !zeroB || trains || isOdd) return null;
  const numbers = [
    changeBy('alpha', recipe.alpha, m, ALPHA_POWER[recipe.scalingRule] - 1),
    changeBy('learningRate', recipe.learningRate, m, row.rate === 'fixed' ? 0 : (embedding.learningRate ?? 0)),
    ...heldNumbers(row).flatMap(({ field, of }) => {
      const from = of(recipe);
      return from ? [changeBy(field, from, m, embedding[field] ?? 0)] : [];
    }),
  ];
  return [changeTo('rank', recipe.rank, rank), ...numbers.filter(({ factor }) => factor !== 1)];
}

const AS_ASKED = l10n.t('as asked');

function changeTo(field: Field, from: number, exact: number): Change {
  return { field, from, exact, written: roundSignificant(exact, WRITTEN_DIGITS), factor: exact / from, law: AS_ASKED };
}

function changeBy(field: Field, from: number | null, m: number, power: number): Change {
  const [factor, law] = [m ** power, rankLaw(power)];
  if (from === null) return { field, from, exact: null, written: null, factor, law };
  return { ...changeTo(field, from, from * factor), factor, law };
}

/** How a number changes with m, the new rank / the old: `÷ √m`, `× m`. */
const rankLaw = (power: number): string => lawOf(Number(power.toPrecision(4))).replace(/(?<= √?)k/, 'm');

/** What a user must know of another rank for this recipe, whatever the rule. */
export function rankCaveats(recipe: Recipe): string[] {
  const init = initRow(recipe.init);
  return [
    init?.A.rank === undefined
      ? null
      : l10n.t`The init ${init.title} draws A by the rank: ${init.says} So another rank also starts from an A of another size, and no rule for the learning rate takes that into account: choose an init whose size does not depend on the rank, or measure.`,
    noRuleWords(recipe),
    recipe.optimizer.quantized ? l10n.t('The rules were not measured with states of 8 bits or fewer.') : null,
  ].filter((sentence) => sentence !== null);
}
