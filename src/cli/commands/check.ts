import { claimed, runVerdict } from '../../experiment/verdict/verdict';
import { specFor, type SpecOptions } from '../../experiment/specs/spec-for';
import type { PlanId } from '../../recipe/plans/plan';
import { hereOf } from '../../recipe/target';
import { blogRuleText, codeText, headerText, headerWords, planText } from '../output/changes-text';
import { chooseRecipe, planOf, plansOf } from '../files/config-file';
import type { ExitCode } from '../failure';
import { assertNoLoss, writeNew } from '../files/files';
import { isReport, reportHtml } from '../output/report/report';
import { notUnderstoodJson } from '../output/json/reading';
import { warningsText } from '../output/reading-text';
import { runJson } from '../output/json/run';
import { footerText, variantText, VERDICTS, verdictLine, verdictText } from '../output/run-text';
import { targetLabel, targetOf, type RecipeOptions } from '../target-options';
import { json, type Terminal } from '../terminal';
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
  if (!options.json) {
    const label = targetLabel(recipe, plans.target);
    const header = headerText(file.path, reading, recipe, plans.target, paint) + warningsText(reading, paint);
    terminal.out(`${header}\n${planText(plan, label, reading, paint)}\n`);
  }
  const { spec, assumptions } = specFor(recipe, plans, plan.id, options);
  const result = await train(spec, terminal, options.workers);
  const verdict = claimed(runVerdict(spec, result), plan.claim);
  if (options.report !== undefined) {
    const { what, scaling } = headerWords(reading, recipe, plans.target);
    const from = targetLabel(recipe, hereOf(recipe));
    const to = targetLabel(recipe, plans.target);
    const answer = { from, to, scaling, plan, plans: plans.plans };
    const html = reportHtml({ title: file.path, what, answer, spec, result, verdict, assumptions });
    await writeNew(options.report, html);
  }
  if (options.json) {
    const why = verdictLine(spec, result, verdict, assumptions);
    terminal.out(
      json({ ...runJson(spec, result, verdict, why), notUnderstood: reading.notUnderstood.map(notUnderstoodJson) }),
    );
  } else {
    terminal.out(
      `${verdictText(spec, result, verdict, paint)}\n${variantText(spec, result, verdict, paint)}${codeText(plan, paint)}` +
        `\n${blogRuleText(recipe, paint)}` +
        footerText(spec, result, assumptions, options.report, paint),
    );
  }
  return VERDICTS[verdict.kind].exitCode;
}
