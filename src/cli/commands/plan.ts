import { EXIT, type ExitCode } from '../failure';
import { chooseRecipe, plansOf, targetLabel, targetOf, type RecipeOptions } from '../files/config-file';
import { blogRuleText, codeText, headerText, planText } from '../output/changes-text';
import { json, notUnderstoodJson, planJson } from '../output/json';
import { out } from '../terminal';

/** `plan FILE --alpha N`: the ways to run the config at another scaling, best first. */
export async function planCommand(path: string, options: RecipeOptions): Promise<ExitCode> {
  const chosen = await chooseRecipe(path, options.network);
  const { reading, recipe } = chosen;
  const { k, target, plans } = plansOf(chosen, targetOf(options), options.digits);
  if (options.json) {
    const notUnderstood = reading.notUnderstood.map(notUnderstoodJson);
    out(json({ k, target, plans: plans.map(planJson), notUnderstood }));
  } else {
    const label = targetLabel(recipe, target);
    const parts = plans.map((plan) => `${planText(plan, label, reading)}${codeText(plan)}`);
    out([headerText(chosen, target), ...parts, blogRuleText(recipe)].join('\n'));
  }
  return EXIT.done;
}
