import { EXIT, type ExitCode } from '../failure';
import { chooseRecipe, plansOf, targetLabel, targetOf, type RecipeOptions } from '../files/config-file';
import { blogRuleText, codeText, headerText, planText } from '../output/changes-text';
import { json, notUnderstoodJson, planJson } from '../output/json';
import type { Terminal } from '../terminal';

/** `plan FILE --alpha N`: the ways to run the config at another scaling, best first. */
export async function planCommand(path: string, options: RecipeOptions, terminal: Terminal): Promise<ExitCode> {
  const chosen = await chooseRecipe(path, options.network);
  const { reading, recipe } = chosen;
  const { k, target, plans } = plansOf(chosen, targetOf(options), options.digits);
  if (options.json) {
    const notUnderstood = reading.notUnderstood.map(notUnderstoodJson);
    terminal.out(json({ k, target, plans: plans.map(planJson), notUnderstood }));
    return EXIT.done;
  }
  const { paint } = terminal;
  const label = targetLabel(recipe, target);
  const parts = plans.map((plan) => `${planText(plan, label, reading, paint)}${codeText(plan, paint)}`);
  terminal.out([headerText(chosen, target, paint), ...parts, blogRuleText(recipe, paint)].join('\n'));
  return EXIT.done;
}
