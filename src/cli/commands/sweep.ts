import type { ExperimentSpec, VariantSpec } from '../../experiment/spec';
import { rowOf, type SpecOptions } from '../../experiment/specs/spec-for';
import { sweepSpec } from '../../experiment/specs/sweep';
import { weightDeviations } from '../../experiment/verdict/deviations';
import { curveLabel, isFurther } from '../../experiment/words/curves';
import { deviationLabel } from '../../experiment/words/sizes';
import { sampledSteps } from '../../plot/series';
import { type ExitCode, nothing } from '../failure';
import { type Ended, forEach, printed } from '../files/several';
import { chooseRecipe, plansOf } from '../files/config-file';
import { aboutWords } from '../output/changes-text';
import { sweepJson, verdictLine, type TrainedCheck } from '../../messages/answers';
import { assertReport, type ReportOptions, writeReport } from '../output/report/report';
import { footerText, VERDICTS } from '../output/run-text';
import { namedRun } from '../output/signature';
import { headed, item, paint, WIDTH, widthOf } from '../output/text';
import { train } from '../training';

interface SweepOptions extends SpecOptions, ReportOptions {
  alphas: readonly number[];
  workers?: number;
  network?: string;
  json?: boolean;
}

/** `sweep [FILE…] --alphas …`: the same run at many alphas; without a file one small layer under SGD. */
export async function sweepCommand(paths: string[], options: SweepOptions): Promise<ExitCode> {
  if (paths.length === 0) return printed(await sweepOf(undefined, options), options.json ?? false);
  return forEach(paths, options, (path) => sweepOf(path, options));
}

async function sweepOf(path: string | undefined, options: SweepOptions): Promise<Ended> {
  await assertReport(options);
  const chosen = path === undefined ? null : await chooseRecipe(path, options.network);
  // Where there is no rule to plan by, there is none to train by: the same refusal, told the same way.
  const claims = chosen ? options.alphas.map((alpha) => plansOf(chosen, alpha).plans[0]?.claim) : [];
  const row = chosen && rowOf(chosen.recipe);
  if (row?.noRule) {
    const instead = 'check takes one alpha and measures what it does';
    throw nothing(`${path}: no rule is known for ${row.title}, so no run can be rescaled to other alphas; ${instead}`);
  }
  const claim = claims.find((each) => each && each.asRead !== 'exact') ?? claims[0];
  const trained = await train(sweepSpec({ ...options, recipe: chosen?.recipe ?? null }), claim, options.workers);
  const title = chosen?.file.path ?? 'One LoRA layer at many alphas';
  const what = chosen ? aboutWords(chosen) : 'SGD · L1 loss · each rescaled';
  const headline = sweepHeadline(trained);
  const signature = chosen && namedRun(chosen).id;
  await writeReport(options, { title, what, signature, answer: null, headline, ...trained });
  const { exitCode, mark, style } = VERDICTS[trained.verdict.kind];
  const document = sweepJson(trained, `${headline} ${verdictLine(trained)}`);
  const head = `${paint('bold', title)}  ${paint('dim', what)}\n\n${lossesText(trained)}\n`;
  const text = `${head}${paint(style, paint('bold', item(mark, headline)))}\n${footerText(trained, options.report)}`;
  return { exitCode, document, text };
}

/** Columns of losses: as many as fit beside the label in 80 columns, which small losses take more of. */
const SHOWN_STEPS = 5;

/** The losses of every alpha at a few steps, all digits a float32 has. */
function lossesText(check: TrainedCheck, shown = SHOWN_STEPS): string {
  const { spec, result } = check;
  const { losses } = result;
  const steps = sampledSteps(losses[0]?.length ?? 0, shown);
  const rows = spec.variants.flatMap((variant, i) =>
    isShown(variant, spec) ? [[curveLabel(variant), ...steps.map((step) => floatText(losses[i]?.[step] ?? NaN))]] : [],
  );
  const text = headed(['before step', ...steps.map((step) => String(step + 1))], rows, 'lrrrrr');
  if (shown > 2 && widthOf(text.split('\n', 1)[0] ?? '') > WIDTH) return lossesText(check, shown - 1);
  return `${spec.seeds.length > 1 ? `${paint('dim', `at seed ${spec.seeds[0]}`)}\n` : ''}${text}\n`;
}

/** `All 6 curves are equal to the last bit; the weights too.` */
export function sweepHeadline({ spec, result, verdict }: Omit<TrainedCheck, 'assumptions'>): string {
  const curves = spec.variants.flatMap((variant, index) => (isCurve(variant) ? [index] : []));
  const count = curves.filter((index) => spec.variants[index]?.draw === 0).length;
  const all = count === 1 ? 'The curve and the present one' : count === 2 ? 'Both curves' : `All ${count} curves`;
  const who = `${all}${spec.seeds.length > 1 ? `, at each of ${spec.seeds.length} seeds,` : ''}`;
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

const isCurve = ({ role }: VariantSpec): boolean => role === 'rescaled';

/** Of the first draw; the run as it is now is left out where one of the alphas is the same run. */
function isShown(variant: VariantSpec, { variants }: ExperimentSpec): boolean {
  if (isFurther(variant)) return false;
  if (variant.role !== 'base') return isCurve(variant);
  return !variants.some((other) => isCurve(other) && other.scaling === variant.scaling);
}

/** Nine significant digits tell any two float32 values apart. */
function floatText(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(9))) : String(value);
}
