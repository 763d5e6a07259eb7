import { isChanged } from '../../config/plan/changes';
import { claimWords } from '../../config/plan/claim';
import { EXIT } from '../failure';
import { agreementOf, chooseRecipe, plansOf, targetLabel, targetOf, type RecipeOptions } from '../files/config-file';
import type { Ended } from '../files/several';
import { blogRuleText, codeText, headerText, planText } from '../output/changes-text';
import { plansJson } from '../../messages/answers';
import { remarkTexts } from '../output/reading-text';
import { paint, wrap } from '../output/text';

/** `plan FILE --alpha N`: the best way to run the config at another scaling, or all of them. */
export async function planCommand(path: string, options: RecipeOptions & { all?: boolean }): Promise<Ended> {
  const chosen = await chooseRecipe(path, options.network);
  const { reading, recipe } = chosen;
  const agreement = await agreementOf(chosen, options.run);
  const planned = plansOf(chosen, targetOf(options), options.digits, agreement);
  const { target, plans } = planned;
  const document = plansJson(reading, planned, agreement);
  const label = targetLabel(recipe, target);
  if (!plans.some(({ configChanges }) => configChanges.some(isChanged))) {
    const text = `${headerText(chosen, target)}\nNothing to change: the file says ${label} already.\n`;
    return { exitCode: EXIT.nothing, document, text };
  }
  const shown = options.all ? plans : plans.slice(0, 1);
  const parts = shown.map((plan) => `${planText(plan, label, reading)}${codeText(plan)}`);
  const rest = plans.slice(shown.length).map(({ id, claim }) => `${id} (${claimWords(claim)})`);
  const more = rest.length === 0 ? [] : [`${paint('dim', wrap(`Other plans, shown by --all: ${rest.join(', ')}.`))}\n`];
  const differs = agreement ? [...remarkTexts(agreement.findings), ''] : [];
  const text = [headerText(chosen, target), ...differs, ...parts, ...more, blogRuleText(recipe)].join('\n');
  return { exitCode: EXIT.done, document, text };
}
