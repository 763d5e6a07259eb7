import * as l10n from '@vscode/l10n';
import { BASELINE, familyOf, isFurther, type Curve } from '../experiment/words/curves';
import { numberLabel } from '../recipe/notation';
import { digitsFor, lossAxis, type Axis } from './scales';
import { DEVIATION_FLOOR, deviationCeiling, deviationSeries, isLine } from './series';

/** A curve with its values, one per step. */
export interface ChartLine extends Curve {
  /** What is drawn: the value of every step, or of the cycle of mini-batches that ends there. */
  values: readonly number[];
  /** The value of every step, drawn faintly behind; empty where `values` are these. */
  ghost: readonly number[];
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
  band: readonly number[];
  /** First and last step shown. */
  window: readonly [number, number];
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
}

/** Names of what is labelled besides the curves. */
export const BAND_LABEL = l10n.t('rounding error');
export const FURTHER_LABEL = l10n.t('other seeds');

type Losses = readonly (readonly number[])[];

/** The loss of every curve. `losses[i]` (shape [steps]) belongs to `curves[i]`. */
export function lossChart(curves: readonly Curve[], losses: Losses, options: ChartOptions = {}): Chart {
  const batches = cycleOf(losses, options);
  const all = curves.map((curve, i) => lineOf(curve, losses[i] ?? [], batches, cycleMeans)).filter(isLine);
  const { lines, window } = shown(all, options);
  const anchors = all.filter(({ role }) => role === 'base' || role === 'rescaled');
  const axis = lossAxis(valuesOf(lines), valuesOf(anchors), window);
  const unit = batches > 1 ? l10n.t`mean of ${batches} mini-batches` : l10n.t('at every step');
  return {
    title: l10n.t('Loss'),
    unit,
    all,
    lines,
    window,
    axis,
    band: [],
    format: (loss) => numberLabel(loss, 6),
    tick: (loss) => numberLabel(loss, digitsFor(axis.range)),
    floorNote: null,
    describe: () => l10n.t`Loss, ${unit}. ${each(listedOf(all), firstToLast)}.`,
  };
}

/** Relative difference of every curve from the baseline of its draw, and how far rounding error carries the controls. */
export function deviationChart(curves: readonly Curve[], losses: Losses, options: ChartOptions = {}): Chart {
  const batches = cycleOf(losses, options);
  const series = deviationSeries(curves, losses);
  const { band } = series;
  const base = curves.find(({ role }) => role === 'base')?.label ?? BASELINE;
  const from = base === BASELINE ? l10n.t('the baseline') : base;
  const all = series.lines.map(({ curve, deviations }) => lineOf(curve, deviations, batches, cyclePeaks));
  const { lines, window } = shown(all, options);
  return {
    title: l10n.t`Difference from ${from}`,
    unit: batches > 1 ? l10n.t`relative, largest of ${batches} mini-batches` : l10n.t('relative'),
    all,
    lines,
    window,
    axis: { kind: 'log', range: [DEVIATION_FLOOR, deviationCeiling(series)] },
    band,
    format: deviationText,
    tick: deviationText,
    floorNote: floorNoteOf(lines),
    describe() {
      const rounding = band.length > 0 ? l10n.t` Rounding error: ${atMost(band)}.` : '';
      return l10n.t`Relative difference of the loss from ${from}. ${each(listedOf(all), atMost)}.${rounding}`;
    },
  };
}

/** The lines that labels or a table list: those of the first draw. */
export function listedOf<Line extends Curve>(lines: readonly Line[]): Line[] {
  return lines.filter((line) => !isFurther(line));
}

/**
 * Where a value is drawn on an axis; NaN leaves a gap. On a logarithmic axis the floor stands for 0 (the same bits), and
 * the upper edge for what is not finite.
 */
export function drawnAt(value: number, { kind, range: [low, high] }: Axis): number {
  if (Number.isNaN(value)) return NaN;
  if (kind === 'linear') return Number.isFinite(value) ? value : NaN;
  return Number.isFinite(value) ? Math.max(value, low) : high;
}

/** The last value of a line that is drawn within the window, as it is drawn on the axis; null where there is none. */
export function endOf(values: readonly number[], { axis, window }: Pick<Chart, 'axis' | 'window'>): number | null {
  for (let step = Math.min(values.length - 1, Math.floor(window[1])); step >= window[0]; step--) {
    const at = drawnAt(values[step] ?? NaN, axis);
    if (!Number.isNaN(at)) return at;
  }
  return null;
}

/** A run shorter than two cycles is drawn step by step. */
function cycleOf(losses: Losses, { batches = 1 }: ChartOptions): number {
  return Math.max(0, ...losses.map(({ length }) => length)) < 2 * batches ? 1 : batches;
}

function lineOf(
  curve: Curve,
  steps: readonly number[],
  batches: number,
  over: (steps: readonly number[], batches: number) => number[],
): ChartLine {
  return batches > 1
    ? { ...curve, values: over(steps, batches), ghost: steps }
    : { ...curve, values: steps, ghost: [] };
}

function shown(
  all: readonly ChartLine[],
  { isDrawn = () => true, window }: ChartOptions,
): { lines: ChartLine[]; window: readonly [number, number] } {
  const last = all.reduce((most, { values }) => Math.max(most, values.length - 1), 1);
  return {
    // Further draws lie behind the first.
    lines: all.filter(isDrawn).toSorted((one, other) => Number(isFurther(other)) - Number(isFurther(one))),
    window: window ?? [0, last],
  };
}

/** One unit for the whole plot. On the floor no two float32 losses differ: what lies there is zero. */
function deviationText(value: number): string {
  return value <= DEVIATION_FLOOR ? '0' : numberLabel(value, 2);
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

function valuesOf(lines: readonly ChartLine[]): (readonly number[])[] {
  return lines.map(({ values }) => values);
}

function each(lines: readonly ChartLine[], words: (values: readonly number[]) => string): string {
  return lines.map(({ label, values }) => `${label}: ${words(values)}`).join('; ');
}

function firstToLast(values: readonly number[]): string {
  const first = values.findIndex((value) => !Number.isNaN(value));
  const last = values.at(-1);
  if (first < 0 || last === undefined) return l10n.t('no values');
  const start = numberLabel(values[first] ?? NaN);
  return first === 0
    ? l10n.t`${start} at the start, ${numberLabel(last)} at step ${values.length - 1}`
    : l10n.t`${start} at step ${first}, ${numberLabel(last)} at step ${values.length - 1}`;
}

function atMost(values: readonly number[]): string {
  const most = values.reduce((largest, value) => (Number.isNaN(value) ? largest : Math.max(largest, value)), 0);
  return most === 0 ? l10n.t('0, the same bits') : l10n.t`at most ${deviationText(most)}`;
}

/**
 * The loss of a run on n mini-batches in turn is a saw: every mini-batch has its own level. Over one cycle of mini-batches
 * the saw is level, so plots show cycles.
 */

/** The mean over the last `batches` values; NaN before there are so many. Shape [steps]. */
export function cycleMeans(values: readonly number[], batches: number): number[] {
  return overCycles(values, batches, (cycle) => cycle.reduce((sum, value) => sum + value, 0) / cycle.length);
}

/** The largest of the last `batches` values, so that no difference looks smaller than it is. Shape [steps]. */
export function cyclePeaks(values: readonly number[], batches: number): number[] {
  return overCycles(values, batches, (cycle) => Math.max(...cycle));
}

function overCycles(values: readonly number[], batches: number, of: (cycle: readonly number[]) => number): number[] {
  if (batches < 2) return [...values];
  return values.map((_, step) => (step + 1 < batches ? NaN : of(values.slice(step + 1 - batches, step + 1))));
}
