import * as l10n from '@vscode/l10n';
import { BASELINE, familyOf, isFurther, type Curve } from '../experiment/words/curves';
import { numberLabel } from '../recipe/notation';
import { deviationLabel } from '../experiment/words/sizes';
import { digitsFor, lossAxis, type Axis } from './scales';
import { DEVIATION_FLOOR, deviationCeiling, deviationSeries, isLine } from './series';

type Values = readonly number[];

/** A curve with its values, one per step. */
export interface ChartLine extends Curve {
  /** What is drawn: the value of every step, or of the cycle of mini-batches that ends there. */
  values: Values;
  /** The value of every step. */
  steps: Values;
}

/** What a plot shows, apart from any drawing. The page's canvas and the exported pictures draw the same chart. */
export interface Chart {
  title: string;
  /** What a value is: `mean of 4 mini-batches`. */
  unit: string;
  /** Every curve of the run that is a line, in its order. */
  all: readonly ChartLine[];
  /** Those that are drawn, in the order in which they are painted. */
  lines: readonly ChartLine[];
  /** Upper edge of the band of rounding error, per step; empty if there is none. */
  band: Values;
  /** First and last step shown. */
  window: readonly [number, number];
  /** Where the points do not lie at the steps: the axis's name, and a place, a label and a name for each point. */
  x?: { title: string; at: readonly number[]; labels: readonly string[]; names?: readonly string[] };
  axis: Axis;
  /** A value as text, for the readout and the table. */
  format(value: number): string;
  /** A tick of the axis as text. */
  tick(value: number): string;
  /** Text at the lower edge of the plot, or null. */
  floorNote: string | null;
  /** The chart in words, for those who cannot see it. */
  describe(): string;
}

interface ChartOptions {
  /** Whether a curve is drawn. Default: all are. */
  isDrawn?: (curve: Curve) => boolean;
  /** First and last step shown. Default: all there are. */
  window?: readonly [number, number];
  /** Mini-batches, used in turn; the chart shows cycles of them. Default 1: every step. */
  batches?: number;
  /** What the chart is about. Default: the loss, of the curves that have one. */
  title?: string;
  isOf?: (curve: Curve) => boolean;
}

/** Names of what is labelled besides the curves. */
export const BAND_LABEL = l10n.t('rounding error');
export const FURTHER_LABEL = l10n.t('other seeds');

/** The loss of every curve. `losses[i]` (shape [steps]) belongs to `curves[i]`. */
export function lossChart(curves: readonly Curve[], losses: readonly Values[], options: ChartOptions = {}): Chart {
  const { isOf = isLine, title = l10n.t('Loss') } = options;
  const batches = cycleOf(losses, options);
  const drawn = curves.flatMap((curve, i) => (isOf(curve) ? lineOf(curve, losses[i] ?? [], batches, meanOf) : []));
  const { all, lines, window } = shown(drawn, options);
  const anchors = all.filter(({ role }) => role === 'base' || role === 'rescaled');
  const valuesOf = (some: readonly ChartLine[]): Values[] => some.map(({ values }) => values);
  const axis = lossAxis(valuesOf(lines), valuesOf(anchors), window);
  const unit = batches > 1 ? l10n.t`mean of ${batches} mini-batches` : l10n.t('at every step');
  return {
    ...{ title, unit, all, lines, window, axis, band: [], floorNote: null },
    format: (loss) => numberLabel(loss, 6),
    tick: (loss) => numberLabel(loss, digitsFor(axis.range)),
    describe: () => l10n.t`${title}, ${unit}. ${each(all, firstToLast)}.`,
  };
}

/** Relative difference of every curve from the baseline of its draw, and how far rounding error takes controls. */
export function deviationChart(curves: readonly Curve[], losses: readonly Values[], options: ChartOptions = {}): Chart {
  const batches = cycleOf(losses, options);
  const series = deviationSeries(curves, losses);
  const { band } = series;
  const base = curves.find(({ role }) => role === 'base')?.label ?? BASELINE;
  const from = base === BASELINE ? l10n.t('the baseline') : base;
  const drawn = series.lines.map(({ curve, deviations }) => lineOf(curve, deviations, batches, peakOf));
  const { all, lines, window } = shown(drawn, options);
  const rounding = (): string => (band.length > 0 ? l10n.t` Rounding error: ${atMost(band)}.` : '');
  return {
    ...{ title: l10n.t`Difference from ${from}`, all, lines, window, band, floorNote: floorNoteOf(lines) },
    unit: batches > 1 ? l10n.t`largest of ${batches} mini-batches` : l10n.t('at every step'),
    axis: { kind: 'log', range: [DEVIATION_FLOOR, deviationCeiling(series)] },
    format: deviationText,
    tick: deviationText,
    describe: () => l10n.t`Relative difference of the loss from ${from}. ${each(all, atMost)}.${rounding()}`,
  };
}

/** What is drawn below the loss: how far each curve is from the baseline; of a recorded run, its learning rates. */
export function secondChart(curves: readonly Curve[], values: readonly Values[], options: ChartOptions = {}): Chart {
  const isOf = ({ role }: Curve): boolean => role === 'rate';
  if (!curves.some(isOf)) return deviationChart(curves, values, options);
  return lossChart(curves, values, { ...options, title: l10n.t('Learning rate'), isOf, isDrawn: isOf });
}

/** The loss after the last step over the learning rate, one curve for each rank and rule. */
export function rateChart(curves: readonly Curve[], losses: readonly Values[], rates: Values): Chart {
  const all = curves.map((curve, i): ChartLine => ({ ...curve, values: losses[i] ?? [], steps: losses[i] ?? [] }));
  const at = rates.map(Math.log2);
  const values = all.map((line) => line.values);
  // A rate that diverges is cut off: a rate at which nothing is learned stays in sight.
  const starts = values.map((each) => each.slice(0, Math.ceil(each.length / 2)));
  const axis = lossAxis(values, starts, [0, rates.length]);
  const lowest = (losses: Values): string => {
    const least = losses.reduce((best, loss, i) => (loss < (losses[best] ?? Infinity) ? i : best), 0);
    return l10n.t`lowest at ${numberLabel(rates[least] ?? NaN)}`;
  };
  return pointChart({
    ...{ title: l10n.t('Loss over learning rate'), unit: l10n.t('of the test model'), lines: all, axis },
    x: { title: 'lr', at, labels: rates.map((rate) => numberLabel(rate, 2)) },
    format: (loss) => numberLabel(loss, 4),
    tick: (loss) => numberLabel(loss, digitsFor(axis.range)),
    words: lowest,
  });
}

type PointOptions = Pick<Chart, 'title' | 'unit' | 'lines' | 'axis' | 'format' | 'tick'> & {
  x: NonNullable<Chart['x']>;
  /** A line in words. */
  words: (values: Values) => string;
};

/** A chart over points that lie at no steps; it is shown as a whole. */
export function pointChart({ words, ...options }: PointOptions): Chart {
  const { title, lines, x } = options;
  const [first = 0, last = first] = [x.at[0], x.at.at(-1)];
  // The last point has room for its label.
  const window = [first, last > first ? last + 0.03 * (last - first) : first + 1] as const;
  const describe = (): string => `${title}. ${each(lines, words)}.`;
  return { ...options, all: lines, window, band: [], floorNote: null, describe };
}

/** The lines that labels or a table list: those of the first draw. */
export function listedOf<Line extends Curve>(lines: readonly Line[]): Line[] {
  return lines.filter((line) => !isFurther(line));
}

/**
 * Where a value is drawn on an axis; NaN leaves a gap. On a logarithmic axis the floor stands for 0 (the same bits),
 * and the upper edge for what is not finite.
 */
export function drawnAt(value: number, { kind, range: [low, high] }: Axis): number {
  if (Number.isNaN(value)) return NaN;
  if (kind === 'linear') return Number.isFinite(value) ? value : NaN;
  return Number.isFinite(value) ? Math.max(value, low) : high;
}

/** The last value of a line that is drawn within the window, as it is drawn on the axis; null where there is none. */
export function endOf(values: Values, { axis, window, x }: Pick<Chart, 'axis' | 'window' | 'x'>): number | null {
  const seen = x ? values : values.slice(Math.max(0, Math.ceil(window[0])), Math.max(0, Math.floor(window[1]) + 1));
  return seen.map((value) => drawnAt(value, axis)).findLast((value) => !Number.isNaN(value)) ?? null;
}

/** A run shorter than two cycles is drawn step by step. */
function cycleOf(losses: readonly Values[], { batches = 1 }: ChartOptions): number {
  return Math.max(0, ...losses.map(({ length }) => length)) < 2 * batches ? 1 : batches;
}

/** @param of a value for the last `batches` steps; NaN stands before there are so many */
function lineOf(curve: Curve, steps: Values, batches: number, of: (cycle: Values) => number): ChartLine {
  if (batches < 2) return { ...curve, values: steps, steps };
  const values = steps.map((_, step) => (step + 1 < batches ? NaN : of(steps.slice(step + 1 - batches, step + 1))));
  return { ...curve, values, steps };
}

/** On n mini-batches in turn the loss is a saw, as each has its own level; over a cycle of them it is level. */
const meanOf = (cycle: Values): number => cycle.reduce((sum, value) => sum + value, 0) / cycle.length;

/** So no difference looks smaller than it is. */
const peakOf = (cycle: Values): number => Math.max(...cycle);

function shown(all: readonly ChartLine[], options: ChartOptions): Pick<Chart, 'all' | 'lines' | 'window'> {
  const { isDrawn = () => true, window } = options;
  const last = all.reduce((most, { values }) => Math.max(most, values.length - 1), 1);
  // Further draws lie behind the first.
  const lines = all.filter(isDrawn).toSorted((one, other) => Number(isFurther(other)) - Number(isFurther(one)));
  return { all, lines, window: window ?? [0, last] };
}

/** On the floor no two float32 losses differ: what lies there is zero. */
function deviationText(value: number): string {
  return value <= DEVIATION_FLOOR ? '0' : deviationLabel(value);
}

/** A line on the floor looks like no line at all: say what it means. */
function floorNoteOf(lines: readonly ChartLine[]): string | null {
  const isZero = ({ values }: ChartLine): boolean =>
    values.some((value) => value === 0) && values.every((value) => value === 0 || Number.isNaN(value));
  const listed = listedOf(lines);
  const flat = listed.filter(({ name }) => lines.every((other) => familyOf(other) !== name || isZero(other)));
  if (flat.length === 0) return null;
  if (flat.length === listed.length && flat.length > 3) return l10n.t('all curves: 0, the same bits');
  return l10n.t`${flat.map(({ label }) => label).join(', ')}: 0, the same bits`;
}

function each(lines: readonly ChartLine[], words: (values: Values) => string): string {
  return listedOf(lines)
    .map(({ label, values }) => `${label}: ${words(values)}`)
    .join('; ');
}

function firstToLast(values: Values): string {
  const first = values.findIndex((value) => !Number.isNaN(value));
  const [start, last] = [values[first], values.at(-1)];
  if (start === undefined || last === undefined) return l10n.t('no values');
  const end = values.length - 1;
  return first === 0
    ? l10n.t`${numberLabel(start)} at the start, ${numberLabel(last)} at step ${end}`
    : l10n.t`${numberLabel(start)} at step ${first}, ${numberLabel(last)} at step ${end}`;
}

function atMost(values: Values): string {
  const most = values.reduce((largest, value) => (Number.isNaN(value) ? largest : Math.max(largest, value)), 0);
  return most === 0 ? l10n.t('0, the same bits') : l10n.t`at most ${deviationText(most)}`;
}
