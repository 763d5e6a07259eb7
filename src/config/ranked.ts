import * as l10n from '@vscode/l10n';
import type { Caveat } from '../recipe/caveats/caveat';
import { rankPlans, type RankPlan } from '../recipe/rank/plan';
import { isRank, RANK_RANGE, scalingOf } from '../recipe/recipe';
import { asTrainedIn, type ConfigRecipe } from './plan/as-trained';
import { isChanged, rankChanges, type ConfigChange } from './plan/changes';
import { literalFor } from './plan/place';
import { NO_CONFIG } from './planned';
import { runOfRecipe } from './read';
import { blockOf, expected, rateOutside, tried, type Rewriting } from './rewrite';
import type { Run } from './understand/run';
import { isSameRecipe, refused } from './write/edited';

/** A rule for another rank, with its changes in the words of the file. */
export type ConfigRankPlan = RankPlan & { configChanges: readonly ConfigChange[] };

type InFile = Omit<ConfigRecipe, 'recipe'>;

/** The rules for another rank of a recipe, the recommended one first, if there is one. None keeps the run the same. */
export function rankConfig(
  { text, reading, index }: InFile,
  rank: number,
): { plans: readonly ConfigRankPlan[]; refusal: Caveat | null } {
  const located = runOfRecipe(text, reading, index);
  const none = (code: string, message: string) => ({ plans: [], refusal: { code, message } });
  if (!located) return { plans: [], refusal: NO_CONFIG };
  const { run, adapter } = located;
  if (!isRank(rank)) return none('rank-range', l10n.t`The rank must be ${RANK_RANGE}.`);
  if (rank === adapter.recipe.rank) return none('rank-is-there', l10n.t`The rank is ${rank} already.`);
  if (adapter.recipe.alphaIsIgnored !== undefined) return none('alpha-ignored', adapter.recipe.alphaIsIgnored);
  const plans = rankPlans(asTrainedIn(run, adapter), rank);
  const changesOf = (plan: RankPlan): ConfigChange[] => rankChanges(run, adapter, plan).map(({ change }) => change);
  return { plans: plans.map((plan) => ({ ...plan, configChanges: changesOf(plan) })), refusal: null };
}

/** The smallest edits that write another rank by one of its rules; the edited text is read again first. */
export function rewriteRank({ text, reading, index }: InFile, plan: RankPlan): Rewriting {
  const located = runOfRecipe(text, reading, index);
  if (!located) return { refusal: NO_CONFIG };
  const { run, adapter, index: own } = located;
  const { rank } = plan.to;
  const changes = rankChanges(run, adapter, plan);
  const blocked = blockOf(run, changes) ?? rateOutside(run, changes);
  if (blocked) return { refusal: blocked };
  if (!changes[0]?.place) return refused('rank-not-written', l10n.t`${run.trainer.name} has no key for ${'rank'}.`);
  const beside = l10n.t('Code in place rescales the init for another scaling. Take it out first.');
  if (run.own.placed) return refused('rank-beside-code', beside);
  if (run.adapters.length > 1 && changes.some(({ change }) => change.field !== 'rank' && isChanged(change))) {
    const why = l10n.t`This file has ${run.adapters.length} adapters. Those that keep their rank would get the new numbers, too. Choose a rule that changes nothing but the rank, or change the file by hand.`;
    return refused('rank-several-adapters', why);
  }
  const faultOf = (now: Run): string | null => {
    const odd = run.adapters.find(({ recipe: was }, i) => {
      const next = now.adapters[i]?.recipe;
      if (i === own) return !isSameRecipe(next, expected({ ...was, rank }, was.scalingRule, changes));
      // A pattern without a rank of its own follows, with its own alpha.
      const scaling = was.rank === plan.from.rank && scalingOf(was.scalingRule, was.alpha, rank, was.multiplier);
      return !isSameRecipe(next, was) && !(scaling && isSameRecipe(next, { ...was, rank, scaling }));
    });
    return odd ? l10n.t`${odd.recipe.name} would get other numbers than those of the rule` : null;
  };
  /** @param withAlpha writes the alpha of the rule down, where a default or an expression would follow the rank */
  const attempt = (withAlpha: boolean): Rewriting => {
    const writings = changes.flatMap(({ change, place }) => {
      const isFollowing = withAlpha && change.field === 'alpha';
      const literal = isFollowing && place ? literalFor(run, place, change.written ?? 0, true) : change.to;
      return place && literal !== null && (isFollowing || isChanged(change)) ? [{ place, literal }] : [];
    });
    return tried(text, reading, run, writings, faultOf);
  };
  const first = attempt(false);
  return 'refusal' in first && first.refusal.code === 'rewrite-fault' ? attempt(true) : first;
}
