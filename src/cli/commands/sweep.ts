import { claimed, runVerdict } from '../../experiment/verdict/verdict';
import { rowOf, type SpecOptions } from '../../experiment/specs/spec-for';
import { sweepSpec } from '../../experiment/specs/sweep';
import { chooseRecipe, plansOf, type ChosenRecipe } from '../files/config-file';
import { type ExitCode, nothing } from '../failure';
import { assertNoLoss, writeNew } from '../files/files';
import { isReport, reportHtml } from '../output/report/report';
import { footerText, VERDICTS, verdictLine } from '../output/run-text';
import { sweepJson } from '../output/json/run';
import { lossesText, sweepHeadline, sweepVerdict } from '../output/sweep-text';
import { json, type Terminal } from '../terminal';
import { train } from '../training';

interface SweepOptions extends SpecOptions {
  workers?: number;
  alphas: readonly number[];
  report?: string;
  force?: boolean;
  network?: string;
  json?: boolean;
}

/** The alphas of the appendix this project began with. */
export const APPENDIX_ALPHAS = [1 / 4, 1, 4, 16, 64, 256];

/** `sweep [FILE] --alphas …`: the same run at many alphas; without a file one small layer under SGD. */
export async function sweepCommand(
  path: string | undefined,
  options: SweepOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.report !== undefined && !options.force) await assertNoLoss(options.report, isReport);
  const chosen = path === undefined ? null : await chooseRecipe(path, options.network);
  const { alphas } = options;
  // Where there is no rule to plan by, there is none to train by: the same refusal, told the same way.
  const plans = chosen ? alphas.map((alpha) => plansOf(chosen, alpha, undefined)) : [];
  const row = chosen && rowOf(chosen.recipe);
  if (row?.noRule) {
    const instead = 'check takes one alpha and measures what it does';
    throw nothing(`${path}: no rule is known for ${row.title}, so no run can be rescaled to other alphas; ${instead}`);
  }
  const { spec, assumptions } = sweepSpec({ ...options, recipe: chosen?.recipe ?? null });
  const result = await train(spec, terminal, options.workers);
  const claim = plans.flatMap(({ plans: [best] }) => best?.claim ?? []).find(({ asRead }) => asRead !== 'exact');
  const trained = runVerdict(spec, result);
  const best = claim ?? plans[0]?.plans[0]?.claim;
  const verdict = best ? claimed(trained, best) : trained;
  const { title, what } = titleOf(chosen);
  const headline = sweepHeadline(spec, result, verdict);
  if (options.report !== undefined) {
    const html = reportHtml({
      title,
      what,
      answer: null,
      spec,
      result,
      verdict,
      assumptions,
      headline,
    });
    await writeNew(options.report, html);
  }
  const { paint } = terminal;
  if (options.json) {
    const why = `${headline} ${verdictLine(spec, result, verdict, assumptions)}`;
    terminal.out(json(sweepJson(spec, result, verdict, why)));
  } else {
    terminal.out(
      `${paint('bold', title)}  ${paint('dim', what)}\n\n${lossesText(spec, result, paint)}\n` +
        `${sweepVerdict(spec, result, verdict, paint)}${footerText(spec, result, assumptions, options.report, paint)}`,
    );
  }
  return VERDICTS[verdict.kind].exitCode;
}

function titleOf(chosen: ChosenRecipe | null): { title: string; what: string } {
  if (!chosen) return { title: 'One LoRA layer at many alphas', what: 'SGD · L1 loss · each rescaled' };
  const { file, reading, recipe } = chosen;
  const words = [reading.trainerName ?? reading.trainer, recipe.optimizer.name, `rank ${recipe.rank}`];
  return { title: file.path, what: words.filter((word) => word !== null).join(' · ') };
}
