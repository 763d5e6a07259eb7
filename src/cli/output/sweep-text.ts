import { isFurther, curveLabel } from '../../experiment/words/curves';
import { weightDeviations } from '../../experiment/verdict/deviations';
import type { ExperimentSpec, RunResult, TrainedRun, VariantSpec } from '../../experiment/spec';
import type { Verdict } from '../../experiment/verdict/verdict';
import { sampledSteps } from '../../plot/series';
import { deviationLabel } from '../../experiment/words/sizes';
import type { Paint } from './colour';
import { table, WIDTH, widthOf, wrap } from './text-table';
import { VERDICTS } from './run-text';

/** Columns of losses: as many as fit beside the label in 80 columns, which small losses take more of. */
const SHOWN_STEPS = 5;

/** The losses of every alpha at a few steps, all digits a float32 has. */
export function lossesText(spec: ExperimentSpec, result: RunResult, paint: Paint, shown = SHOWN_STEPS): string {
  const { losses } = result;
  const steps = sampledSteps(losses[0]?.length ?? 0, shown);
  const head = ['before step', ...steps.map((step) => String(step + 1))].map((cell) => paint('dim', cell));
  const rows = spec.variants.flatMap((variant, index) =>
    isShown(variant, spec)
      ? [[curveLabel(variant), ...steps.map((step) => floatText(losses[index]?.[step] ?? NaN))]]
      : [],
  );
  const text = table([head, ...rows], ['left', 'right', 'right', 'right', 'right', 'right']);
  if (shown > 2 && widthOf(text.split('\n', 1)[0] ?? '') > WIDTH) return lossesText(spec, result, paint, shown - 1);
  const seed = spec.seeds.length > 1 ? `${paint('dim', `at seed ${spec.seeds[0]}`)}\n` : '';
  return `${seed}${text}\n`;
}

/** `All six curves are equal to the last bit; the weights too.` */
export function sweepVerdict(spec: ExperimentSpec, result: TrainedRun, verdict: Verdict, paint: Paint): string {
  const { mark, style } = VERDICTS[verdict.kind];
  const headline = wrap(sweepHeadline(spec, result, verdict), 78, '  ').trimStart();
  return `${paint(style, paint('bold', `${mark} ${headline}`))}\n`;
}

export function sweepHeadline(spec: ExperimentSpec, { weights: trained }: TrainedRun, verdict: Verdict): string {
  const curves = spec.variants.flatMap((variant, index) => (isCurve(variant) ? [index] : []));
  const count = curves.filter((index) => spec.variants[index]?.draw === 0).length;
  const who = `${whoOf(count)}${spec.seeds.length > 1 ? `, at each of ${spec.seeds.length} seeds,` : ''}`;
  const largest = (values: readonly number[]): number => Math.max(0, ...curves.map((index) => values[index] ?? 0));
  const loss = largest(verdict.deviations);
  const weights = largest(weightDeviations(spec.variants, trained));
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
