import { rankConfig, rewriteRank, type ConfigRankPlan } from '../../config/ranked';
import { applyEdits } from '../../config/write/edits';
import { changeJson, notUnderstoodJson } from '../../messages/answers';
import { rankCaveats } from '../../recipe/rank/plan';
import { noRuleWords } from '../../recipe/rank/rules';
import { EXIT, nothing, usage } from '../failure';
import type { ChosenRecipe, RecipeOptions } from '../files/config-file';
import { writeText } from '../files/files';
import type { Ended } from '../files/several';
import { inTime } from '../limit';
import { paintDiff, unifiedDiff } from '../output/diff';
import { wrap } from '../output/text';
import { listed } from '../parse-numbers';
import { exact, note, tell } from '../terminal';

interface RankOptions extends RecipeOptions {
  rule?: string;
  write?: boolean;
  inPlace?: boolean;
}

/** `rewrite FILE --rank N`: another rank by a rule, as a unified diff. A recommendation, not the same run. */
export async function rewriteToRank(chosen: ChosenRecipe, path: string, options: RankOptions): Promise<Ended> {
  const { file, reading, recipe } = chosen;
  const { rank = recipe.rank, write: written = false } = options;
  if (options.alpha !== undefined || options.scaling !== undefined || options.rslora !== undefined) {
    throw usage('--rank goes with --rule, which says what alpha becomes; --alpha, --scaling and --rslora do not');
  }
  const { plans, refusal } = inTime(file.path, () => rankConfig(chosen, rank));
  if (refusal) throw nothing(`${file.path}: ${refusal.message}`);
  const plan = ruleOf(plans, options.rule, chosen);
  const outcome = inTime(file.path, () => rewriteRank(chosen, rank, plan.rule));
  if ('refusal' in outcome) throw nothing(`${file.path}: ${outcome.refusal.message}`);
  const text = applyEdits(file.text, outcome.edits);
  const diff = unifiedDiff(path, file.text, text);
  if (written) await writeText(file, text, options.inPlace);
  const { rule, claim, source, configChanges: changes } = plan;
  if (options.json) {
    const about = { rule, claim, source, from: plan.from, to: plan.to, changes: changes.map(changeJson) };
    const notUnderstood = reading.notUnderstood.map(notUnderstoodJson);
    return { exitCode: EXIT.done, document: { file: file.path, diff, written, ...about, notUnderstood } };
  }
  const what = claim === 'recommended' ? 'A recommendation' : `Not recommended (${claim})`;
  note(`${wrap(`${what}: ${plan.title}. Another rank is another run: no numbers make it the same. ${source}`)}\n`);
  exact(paintDiff(diff));
  for (const { message } of rankCaveats(recipe)) note(`${wrap(message)}\n`);
  const others = plans.filter((each) => each !== plan).map((each) => each.rule);
  if (others.length > 0) tell(`Other rules: --rule ${listed(others)}.`);
  if (written) tell(`${file.path} was rewritten.`);
  return { exitCode: EXIT.done };
}

function ruleOf(
  plans: readonly ConfigRankPlan[],
  asked: string | undefined,
  { file, recipe }: ChosenRecipe,
): ConfigRankPlan {
  const plan = plans.find(({ rule, claim }) => (asked === undefined ? claim === 'recommended' : rule === asked));
  if (plan) return plan;
  const rules = listed(plans.map(({ rule }) => rule));
  if (asked !== undefined) throw usage(`--rule is "${asked}"; it must be ${rules}`);
  throw nothing(`${file.path}: ${noRuleWords(recipe) ?? ''} Or choose one with --rule: ${rules}`);
}
