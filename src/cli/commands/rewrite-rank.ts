import { rankConfig, rewriteRank, type ConfigRankPlan } from '../../config/ranked';
import type { Rewriting } from '../../config/rewrite';
import { outsideChanges } from '../../config/planned';
import { changeJson, notUnderstoodJson } from '../../messages/answers';
import { rankCaveats } from '../../recipe/rank/plan';
import { noRuleWords } from '../../recipe/rank/rules';
import { nothing, usage } from '../failure';
import type { ChosenRecipe } from '../files/config-file';
import { inTime } from '../limit';
import { wrap } from '../output/text';
import { listed } from '../parse-numbers';

/** What is written for a plan or a rule, and what is said of it: before the diff, after it, or where nothing changes. */
export interface Rewritten<Of> {
  plan: Of;
  rewriting: Rewriting;
  document: object;
  opening: string;
  remarks: readonly string[];
  already: string;
}

/** `rewrite FILE --rank N`: another rank by a rule. A recommendation, not the same run. @throws Failure without a rule */
export function rankRewriting(
  chosen: ChosenRecipe,
  rank: number,
  asked: string | undefined,
): Rewritten<ConfigRankPlan> {
  const { file, reading, recipe } = chosen;
  const { plans, refusal } = inTime(file.path, () => rankConfig(chosen, rank));
  if (refusal) throw nothing(`${file.path}: ${refusal.message}`);
  const rules = listed(plans.map((each) => each.rule));
  const plan = plans.find((each) => (asked === undefined ? each.claim === 'recommended' : each.rule === asked));
  if (!plan && asked !== undefined) throw usage(`--rule is "${asked}"; it must be ${rules}`);
  if (!plan) throw nothing(`${file.path}: ${noRuleWords(recipe) ?? ''} Or choose one with --rule: ${rules}`);
  const { rule, claim, title, source, from, to, configChanges } = plan;
  const changes = configChanges.map(changeJson);
  const left = outsideChanges(plan).map(({ key, factor }) => ({ key, factor }));
  const what = claim === 'recommended' ? 'A recommendation' : `Not recommended (${claim})`;
  const others = plans.filter((each) => each !== plan).map((each) => each.rule);
  const notUnderstood = reading.notUnderstood.map(notUnderstoodJson);
  return {
    ...{ plan, rewriting: inTime(file.path, () => rewriteRank(chosen, plan)), already: `has rank ${rank} already` },
    document: { rule, claim, source, from, to, changes, left, notUnderstood },
    opening: `${what}: ${title}. Another rank is another run: no numbers make it the same. ${source}`,
    remarks: [
      ...rankCaveats(recipe).map(({ message }) => wrap(message)),
      ...(others.length > 0 ? [wrap(`Other rules: --rule ${listed(others)}.`)] : []),
    ],
  };
}
