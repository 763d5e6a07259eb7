import { planJson } from '../output/json/changes';
import { blogRuleText, codeText, headerText, planText } from '../output/changes-text';
import { chooseRecipe, plansOf } from '../files/config-file';
import { EXIT, type ExitCode } from '../failure';
import { notUnderstoodJson } from '../output/json/reading';
import { warningsText } from '../output/reading-text';
import { targetLabel, targetOf, type RecipeOptions } from '../target-options';
import { json, type Terminal } from '../terminal';

/** `plan FILE --alpha N`: the ways to run the config at another scaling, best first. */
export async function planCommand(path: string, options: RecipeOptions, terminal: Terminal): Promise<ExitCode> {
  const chosen = await chooseRecipe(path, options.network);
  const { k, target, plans } = plansOf(chosen, targetOf(options), options.digits);
  if (options.json) {
    const notUnderstood = chosen.reading.notUnderstood.map(notUnderstoodJson);
    terminal.out(json({ k, target, plans: plans.map(planJson), notUnderstood }));
    return EXIT.done;
  }
  const { paint } = terminal;
  const { file, reading, recipe } = chosen;
  const label = targetLabel(recipe, target);
  const parts = plans.map((plan) => `${planText(plan, label, reading, paint)}${codeText(plan, paint)}`);
  const rule = blogRuleText(recipe, paint);
  const header = headerText(file.path, reading, recipe, target, paint) + warningsText(reading, paint);
  terminal.out([header, ...parts, rule].join('\n'));
  return EXIT.done;
}
