import type { ExperimentSpec, VariantSpec } from '../../experiment/spec';
import { rowOf, type SpecOptions } from '../../experiment/specs/spec-for';
import { sweepSpec } from '../../experiment/specs/sweep';
import { weightDeviations } from '../../experiment/verdict/deviations';
import { claimed, runVerdict } from '../../experiment/verdict/verdict';
import { curveLabel, isFurther } from '../../experiment/words/curves';
import { deviationLabel } from '../../experiment/words/sizes';
import { sampledSteps } from '../../plot/series';
import { type ExitCode, nothing } from '../failure';
import { chooseRecipe, plansOf } from '../files/config-file';
import { assertNoLoss, writeNew } from '../files/files';
import { aboutWords } from '../output/changes-text';
import { json, sweepJson } from '../output/json';
import { isReport, reportHtml } from '../output/report/report';
import { footerText, verdictLine, VERDICTS, type TrainedCheck } from '../output/run-text';
import { type Paint, table, WIDTH, widthOf, wrap } from '../output/text';
import type { Terminal } from '../terminal';
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
  const own = runVerdict(spec, result);
  const best = claim ?? plans[0]?.plans[0]?.claim;
  const verdict = best ? claimed(own, best) : own;
  const trained = { spec, result, verdict, assumptions };
  const title = chosen?.file.path ?? 'One LoRA layer at many alphas';
  const what = chosen ? aboutWords(chosen) : 'SGD · L1 loss · each rescaled';
  const headline = sweepHeadline(trained);
  if (options.report !== undefined) {
    const about = { title, what, answer: null, headline };
    await writeNew(options.report, reportHtml({ ...about, ...trained }));
  }
  const { paint } = terminal;
  if (options.json) {
    const why = `${headline} ${verdictLine(trained)}`;
    terminal.out(json(sweepJson(trained, why)));
  } else {
    terminal.out(
      `${paint('bold', title)}  ${paint('dim', what)}\n\n${lossesText(trained, paint)}\n` +
        `${sweepVerdict(trained, headline, paint)}${footerText(trained, options.report, paint)}`,
    );
  }
  return VERDICTS[verdict.kind].exitCode;
}

/** Columns of losses: as many as fit beside the label in 80 columns, which small losses take more of. */
const SHOWN_STEPS = 5;

/** The losses of every alpha at a few steps, all digits a float32 has. */
function lossesText(check: TrainedCheck, paint: Paint, shown = SHOWN_STEPS): string {
  const { spec, result } = check;
  const { losses } = result;
  const steps = sampledSteps(losses[0]?.length ?? 0, shown);
  const head = ['before step', ...steps.map((step) => String(step + 1))].map((cell) => paint('dim', cell));
  const rows = spec.variants.flatMap((variant, index) =>
    isShown(variant, spec)
      ? [[curveLabel(variant), ...steps.map((step) => floatText(losses[index]?.[step] ?? NaN))]]
      : [],
  );
  const text = table([head, ...rows], ['left', 'right', 'right', 'right', 'right', 'right']);
  if (shown > 2 && widthOf(text.split('\n', 1)[0] ?? '') > WIDTH) return lossesText(check, paint, shown - 1);
  const seed = spec.seeds.length > 1 ? `${paint('dim', `at seed ${spec.seeds[0]}`)}\n` : '';
  return `${seed}${text}\n`;
}

function sweepVerdict({ verdict }: TrainedCheck, headline: string, paint: Paint): string {
  const { mark, style } = VERDICTS[verdict.kind];
  return `${paint(style, paint('bold', `${mark} ${wrap(headline, 78, '  ').trimStart()}`))}\n`;
}

/** `All six curves are equal to the last bit; the weights too.` */
export function sweepHeadline({ spec, result, verdict }: Omit<TrainedCheck, 'assumptions'>): string {
  const curves = spec.variants.flatMap((variant, index) => (isCurve(variant) ? [index] : []));
  const count = curves.filter((index) => spec.variants[index]?.draw === 0).length;
  const who = `${whoOf(count)}${spec.seeds.length > 1 ? `, at each of ${spec.seeds.length} seeds,` : ''}`;
  const largest = (values: readonly number[]): number => Math.max(0, ...curves.map((index) => values[index] ?? 0));
  const loss = largest(verdict.deviations);
  const weights = largest(weightDeviations(spec.variants, result.weights));
  if (loss === 0) {
    const too = weights === 0 ? 'the weights too' : `the weights differ by at most ${deviationLabel(weights)}`;
    return `${who} are equal to the last bit; ${too}.`;
  }
  const off = `${who} differ by at most ${deviationLabel(loss)}, the weights by ${deviationLabel(weights)}`;
  return verdict.kind === 'equivalent' ? `${off}: as much as rounding alone.` : `${off}.`;
}

function whoOf(curves: number): string {
  if (curves === 1) return 'The curve and the present one';
  return curves === 2 ? 'Both curves' : `All ${NUMBERS[curves] ?? String(curves)} curves`;
}

const isCurve = ({ role }: VariantSpec): boolean => role === 'rescaled';

/** Of the first draw; the run as it is now is left out where one of the alphas is the same run. */
function isShown(variant: VariantSpec, { variants }: ExperimentSpec): boolean {
  if (isFurther(variant)) return false;
  if (variant.role !== 'base') return isCurve(variant);
  return !variants.some((other) => isCurve(other) && other.scaling === variant.scaling);
}

const NUMBERS = 'no one two three four five six seven eight nine ten eleven twelve'.split(' ');

/** Nine significant digits tell any two float32 values apart. */
function floatText(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(9))) : String(value);
}
