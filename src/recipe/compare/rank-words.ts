import * as l10n from '@vscode/l10n';
import { fieldLabel } from '../field-names';
import { numberLabel } from '../notation';
import type { Change } from '../plans/plan';
import { embeddedChanges, rankPlans, type RankPlan } from '../rank/plan';
import { CLAIMS, noRuleWords } from '../rank/rules';
import { isRank, type Recipe } from '../recipe';
import type { SideNames } from './compared';
import { isOne } from './ratio';

/**
 * What is known of two recipes of different rank: whether the second follows a rule from the first, what the recommended
 * rule would give it, and what would be the first's run at the second's rank.
 */
export function rankWords(first: Recipe, second: Recipe, names: SideNames): string {
  if (first.rank === second.rank || !isRank(second.rank) || first.scalingRule !== second.scalingRule) return '';
  const plans = rankPlans(first, second.rank);
  const { alpha, learningRate: rate } = second;
  const followed = plans.find(({ to }) => isOne(alpha / to.alpha) && isOne((rate ?? NaN) / (to.lr ?? NaN)));
  const recommended = plans.find(({ claim }) => claim === 'recommended');
  const repeated = embeddedChanges(first, second.rank);
  const sentences = [
    followed
      ? l10n.t`From ${names.first}, ${names.second} follows a rule: ${followed.title} (${CLAIMS[followed.claim].word}).`
      : l10n.t`Alpha and learning rate of ${names.second} follow no rule for the rank that is known here.`,
    !recommended ? noRuleWords(first) : recommended === followed ? '' : recommendedWords(recommended, names),
    repeated && repeatedWords(second.rank / first.rank, repeated),
  ];
  return sentences.filter(Boolean).join(' ');
}

function recommendedWords({ to: { alpha, lr, rank } }: RankPlan, { first, second }: SideNames): string {
  if (lr === null) return '';
  return l10n.t`Recommended for ${second}, from ${first}: rank ${rank}, alpha ${numberLabel(alpha)}, learning rate ${numberLabel(lr)}.`;
}

/** The one change of rank that is the same run. */
function repeatedWords(times: number, changes: readonly Change[]): string {
  const numbers = changes.flatMap(({ field, written }) =>
    field === 'rank' || written === null ? [] : `${fieldLabel(field)} ${numberLabel(written)}`,
  );
  const others = numbers.length === 0 ? '' : ` (${numbers.join(', ')})`;
  return l10n.t`Only A's rows repeated ${times} times, with B at zero, would be the same run to rounding${others}, and learn nothing more.`;
}
