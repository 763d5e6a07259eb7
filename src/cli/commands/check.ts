import { specFor, type SpecOptions } from '../../experiment/specs/spec-for';
import type { PlanId } from '../../recipe/plans/plan';
import { hereOf } from '../../recipe/target';
import type { Ended } from '../files/several';
import {
  agreementOf,
  chooseRecipe,
  planOf,
  plansOf,
  type RecipeOptions,
  targetLabel,
  targetOf,
} from '../files/config-file';
import { aboutWords, blogRuleText, codeText, headerText, planText, scalingWords } from '../output/changes-text';
import { checkJson } from '../../messages/answers';
import { assertReport, type ReportOptions, writeReport } from '../output/report/report';
import { namedRun } from '../output/signature';
import { footerText, variantText, VERDICTS, verdictText } from '../output/run-text';
import { out } from '../terminal';
import { train } from '../training';

interface CheckOptions extends RecipeOptions, SpecOptions, ReportOptions {
  plan?: PlanId;
  workers?: number;
}

/** `check FILE --alpha N`: trains the config now and at the other alpha, and says whether it is the same run. */
export async function checkCommand(path: string, options: CheckOptions): Promise<Ended> {
  await assertReport(options);
  const chosen = await chooseRecipe(path, options.network);
  const { file, reading, recipe } = chosen;
  const agreement = await agreementOf(chosen, options.run);
  const plans = plansOf(chosen, targetOf(options), options.digits, agreement);
  const { target } = plans;
  const plan = planOf(plans, options.plan, file.path);
  const label = targetLabel(recipe, target);
  if (!options.json) out(`${headerText(chosen, target)}\n${planText(plan, label, reading)}\n`);
  const trained = await train(specFor(recipe, plans, plan.id, options), plan.claim, options.workers);
  const from = targetLabel(recipe, hereOf(recipe));
  const answer = { from, to: label, scaling: scalingWords(chosen, target), plan, plans: plans.plans };
  const about = { title: file.path, what: aboutWords(chosen), signature: namedRun(chosen).id };
  await writeReport(options, { ...about, answer, ...trained });
  const { exitCode } = VERDICTS[trained.verdict.kind];
  const found = `${verdictText(trained)}\n${variantText(trained)}${codeText(plan)}\n`;
  const text = found + blogRuleText(recipe) + footerText(trained, options.report);
  return { exitCode, document: checkJson(reading, trained), text };
}
