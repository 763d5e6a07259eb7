import { specFor, type SpecOptions } from '../../experiment/specs/spec-for';
import { claimed, runVerdict } from '../../experiment/verdict/verdict';
import type { PlanId } from '../../recipe/plans/plan';
import { hereOf } from '../../recipe/target';
import type { ExitCode } from '../failure';
import { chooseRecipe, planOf, plansOf, type RecipeOptions, targetLabel, targetOf } from '../files/config-file';
import { assertNoLoss, writeNew } from '../files/files';
import { aboutWords, blogRuleText, codeText, headerText, planText, scalingWords } from '../output/changes-text';
import { json, notUnderstoodJson, runJson } from '../output/json';
import { isReport, reportHtml } from '../output/report/report';
import { footerText, variantText, VERDICTS, verdictLine, verdictText } from '../output/run-text';
import type { Terminal } from '../terminal';
import { train } from '../training';

interface CheckOptions extends RecipeOptions, SpecOptions {
  plan?: PlanId;
  report?: string;
  force?: boolean;
  workers?: number;
}

/** `check FILE --alpha N`: trains the config now and at the other alpha side by side, and says whether it is the same run. */
export async function checkCommand(path: string, options: CheckOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.report !== undefined && !options.force) await assertNoLoss(options.report, isReport);
  const chosen = await chooseRecipe(path, options.network);
  const { file, reading, recipe } = chosen;
  const plans = plansOf(chosen, targetOf(options), options.digits);
  const plan = planOf(plans, options.plan, file.path);
  const { paint } = terminal;
  const label = targetLabel(recipe, plans.target);
  if (!options.json) {
    terminal.out(`${headerText(chosen, plans.target, paint)}\n${planText(plan, label, reading, paint)}\n`);
  }
  const { spec, assumptions } = specFor(recipe, plans, plan.id, options);
  const result = await train(spec, terminal, options.workers);
  const verdict = claimed(runVerdict(spec, result), plan.claim);
  const trained = { spec, result, verdict, assumptions };
  if (options.report !== undefined) {
    const from = targetLabel(recipe, hereOf(recipe));
    const answer = { from, to: label, scaling: scalingWords(chosen, plans.target), plan, plans: plans.plans };
    const about = { title: file.path, what: aboutWords(chosen), answer };
    await writeNew(options.report, reportHtml({ ...about, ...trained }));
  }
  if (options.json) {
    const run = runJson(trained, verdictLine(trained));
    terminal.out(json({ ...run, notUnderstood: reading.notUnderstood.map(notUnderstoodJson) }));
  } else {
    terminal.out(
      `${verdictText(trained, paint)}\n${variantText(trained, paint)}${codeText(plan, paint)}` +
        `\n${blogRuleText(recipe, paint)}` +
        footerText(trained, options.report, paint),
    );
  }
  return VERDICTS[verdict.kind].exitCode;
}
