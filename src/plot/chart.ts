import * as l10n from '@vscode/l10n';
import { familyOf, isFurther, type Curve } from '../experiment/words/curves';
import { numberLabel } from '../recipe/notation';
import { deviationLabel } from '../experiment/words/sizes';
import { digitsFor, lossAxis, type Axis } from './loss-axis';
import { DEVIATION_FLOOR, deviationCeiling, deviationSeries, isLine } from './series';

/** A curve with its values, one per step. */
export interface ChartLine extends Curve {
  values: readonly number[];
}

/** What a plot shows, apart from any drawing. The page's canvas and the exported pictures draw the same chart. */
export interface Chart {
  title: string;
  /** Every curve of the run that is a line, in its order: legends list these. */
  all: readonly ChartLine[];
  /** Those that are drawn, in the order in which they are painted. */
  lines: readonly ChartLine[];
  /** Upper edge of the rounding band, per step; empty if there is no band. */
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

export interface ChartOptions {
  /** Names of curves that are not drawn. */
  hidden?: ReadonlySet<string>;
  /** First and last step shown. Default: all there are. */
  window?: readonly [number, number];
}

/** Names of what a legend lists besides the curves. */
export const BAND_LABEL = l10n.t('rounding (controls)');
export const FURTHER_LABEL = l10n.t('other seeds');

type Losses = readonly (readonly number[])[];

/** The loss of every curve. `losses[i]` (shape [steps]) belongs to `curves[i]`. */
export function lossChart(curves: readonly Curve[], losses: Losses, options: ChartOptions = {}): Chart {
  const all = curves.map((curve, index): ChartLine => ({ ...curve, values: losses[index] ?? [] })).filter(isLine);
  const { lines, window } = shown(all, options);
  const anchors = all.filter(({ role }) => role === 'base' || role === 'rescaled');
  const axis = lossAxis(valuesOf(lines), valuesOf(anchors), window);
  return {
    title: l10n.t('Loss'),
    all,
    lines,
    window,
    axis,
    band: [],
    format: (loss) => numberLabel(loss, 6),
    tick: (loss) => numberLabel(loss, digitsFor(axis.range)),
    floorNote: null,
    describe: () => l10n.t`Loss at every step. ${each(listedOf(all), firstToLast)}.`,
  };
}

/** Relative deviation of every curve from the base of its draw, and how far mere rounding carries the controls. */
export function deviationChart(curves: readonly Curve[], losses: Losses, options: ChartOptions = {}): Chart {
  const series = deviationSeries(curves, losses);
  const { band } = series;
  const all = series.lines.map(({ curve, deviations }): ChartLine => ({ ...curve, values: deviations }));
  const { lines, window } = shown(all, options);
  return {
    title: l10n.t('Deviation from the baseline'),
    all,
    lines,
    window,
    axis: { kind: 'log', range: [DEVIATION_FLOOR, deviationCeiling(series)] },
    band,
    format: deviationText,
    tick: deviationText,
    floorNote: floorNoteOf(lines),
    describe() {
      const rounding = band.length > 0 ? l10n.t` Rounding alone: ${atMost(band)}.` : '';
      return l10n.t`Relative deviation of the loss from the base. ${each(listedOf(all), atMost)}.${rounding}`;
    },
  };
}

/** The lines that a legend or a table lists: those of the first draw. */
export function listedOf(lines: readonly ChartLine[]): ChartLine[] {
  return lines.filter((line) => !isFurther(line));
}

/**
 * Where a value is drawn on an axis; NaN leaves a gap. On a logarithmic axis the floor stands for 0 (the same bits), and
 * the upper edge for what is not finite.
 */
export function placed(value: number, { kind, range: [low, high] }: Axis): number {
  if (kind === 'linear') return Number.isFinite(value) ? value : NaN;
  return Number.isFinite(value) ? Math.max(value, low) : high;
}

function shown(
  all: readonly ChartLine[],
  { hidden = new Set(), window }: ChartOptions,
): { lines: ChartLine[]; window: readonly [number, number] } {
  const last = all.reduce((most, { values }) => Math.max(most, values.length - 1), 1);
  return {
    // Further draws lie behind the first.
    lines: all
      .filter((line) => !hidden.has(familyOf(line)))
      .toSorted((one, other) => Number(isFurther(other)) - Number(isFurther(one))),
    window: window ?? [0, last],
  };
}

/** On the floor no two float32 losses differ: what lies there is zero. */
function deviationText(value: number): string {
  return value <= DEVIATION_FLOOR ? '0' : deviationLabel(value);
}

/** A line on the floor looks like no line at all: say what it means. */
function floorNoteOf(lines: readonly ChartLine[]): string | null {
  const isZero = ({ values }: ChartLine): boolean => values.length > 0 && values.every((value) => value === 0);
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
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined) return l10n.t('no values');
  return l10n.t`${numberLabel(first)} at the start, ${numberLabel(last)} at step ${values.length - 1}`;
}

function atMost(values: readonly number[]): string {
  const most = values.reduce((largest, value) => Math.max(largest, value), 0);
  return most === 0 ? l10n.t('0, the same bits') : l10n.t`at most ${deviationLabel(most)}`;
}
