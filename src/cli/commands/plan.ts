import { EXIT, type ExitCode } from '../failure';
import { agreementOf, chooseRecipe, plansOf, targetLabel, targetOf, type RecipeOptions } from '../files/config-file';
import { blogRuleText, codeText, headerText, planText } from '../output/changes-text';
import { findingJson, json, notUnderstoodJson, planJson } from '../output/json';
import { remarkTexts } from '../output/reading-text';
import { out } from '../terminal';

/** `plan FILE --alpha N`: the ways to run the config at another scaling, best first. */
export async function planCommand(path: string, options: RecipeOptions): Promise<ExitCode> {
  const chosen = await chooseRecipe(path, options.network);
  const { reading, recipe } = chosen;
  const agreement = await agreementOf(chosen, options.run);
  const { k, target, plans } = plansOf(chosen, targetOf(options), options.digits, agreement);
  if (options.json) {
    const notUnderstood = reading.notUnderstood.map(notUnderstoodJson);
    const ran = agreement && { agrees: agreement.agrees, findings: agreement.findings.map(findingJson) };
    out(json({ k, target, plans: plans.map(planJson), notUnderstood, ...(ran && { run: ran }) }));
  } else {
    const label = targetLabel(recipe, target);
    const differs = agreement ? [...remarkTexts(agreement.findings), ''] : [];
    const parts = plans.map((plan) => `${planText(plan, label, reading)}${codeText(plan)}`);
    out([headerText(chosen, target), ...differs, ...parts, blogRuleText(recipe)].join('\n'));
  }
  return EXIT.done;
}
