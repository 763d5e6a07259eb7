import { familyOf, isFurther, type Curve } from '../experiment/words/curves';
import { axes, legend, legendHeight, picture, type Frame, type LegendEntry } from './frame';
import { drawBand, drawLines, type Line } from './lines';
import { element } from './markup';
import { deviationLabel } from './deviation-label';
import { numberLabel } from '../recipe/notation';
import { LIGHT_PALETTE, type Palette } from './palette';
import { linearScale, logScale, type Interval, type Scale } from './scales';
import {
  behindFirst,
  DEVIATION_FLOOR,
  deviationCeiling,
  deviationSeries,
  isLine,
  type DeviationSeries,
} from './series';
import { MOST_TURNS, strokesOf } from './strokes';

export interface SvgOptions {
  /** Unique within the page the picture stands in. */
  id?: string;
  title?: string;
  /** CSS pixels. */
  width?: number;
  height?: number;
  palette?: Palette;
}

/** The losses of a run as a self-contained SVG. `losses[i]` (shape [steps]) belongs to `curves[i]`; controls are not drawn. */
export function lossSvg(
  curves: readonly Curve[],
  losses: readonly (readonly number[])[],
  options: SvgOptions = {},
): string {
  const { palette = LIGHT_PALETTE, id = 'loss', title = 'Loss' } = options;
  const drawn = curves
    .map((curve, index) => ({ curve, values: losses[index] ?? [] }))
    .filter(({ curve }) => isLine(curve));
  const lines = withStrokes(drawn, palette);
  const entries = entriesOf(lines, ({ label }) => label);
  const frame = frameOf(options, entries);
  const y = lossScale(lines, [frame.bottom, frame.top]);
  const x = stepScale(lines, frame);
  const content = plotArea(id, drawLines(lines, x, y, frame));
  const labels = { x: stepLabel, y: (loss: number) => numberLabel(loss) };
  const listed = lines.filter(({ curve }) => !isFurther(curve));
  const description = listed.map(({ curve, values }) => `${curve.label}: ${firstToLast(values)}`).join('; ');
  return picture(
    { id, title, description: `Loss at every step. ${description}.` },
    axes(x, y, labels, frame, palette) + content + legend(entries, frame, palette),
    frame,
    palette,
  );
}

/** Relative deviation from the base on a logarithmic axis, with the band of what rounding alone does (the controls). */
export function deviationSvg(
  curves: readonly Curve[],
  losses: readonly (readonly number[])[],
  options: SvgOptions = {},
): string {
  const { palette = LIGHT_PALETTE, id = 'deviation', title = 'Deviation from the base' } = options;
  const series = deviationSeries(curves, losses);
  const lines = withStrokes(
    series.lines.map(({ curve, deviations }) => ({ curve, values: deviations })),
    palette,
  );
  const allZero = lines.length > 0 && lines.every(({ values }) => isZero(values));
  const isSame = ({ name }: Curve): boolean =>
    lines.every(({ curve, values }) => familyOf(curve) !== name || isZero(values));
  const entries = entriesOf(lines, (curve) =>
    isSame(curve) && !allZero ? `${curve.label} (0: same bits)` : curve.label,
  );
  if (series.band.length > 0) entries.push({ label: 'rounding (controls)', mark: { fill: palette.band } });
  const frame = frameOf(options, entries);
  const range: Interval = [frame.bottom, frame.top];
  const y = logScale([DEVIATION_FLOOR, deviationCeiling(series)], range, tickCount(range));
  const x = stepScale(lines, frame);
  const band = drawBand(series.band, x, y, frame, palette.band);
  const flat = allZero ? note('0: the same bits at every step', frame, palette) : '';
  const content = plotArea(id, band + drawLines(lines, x, y, frame)) + flat;
  // On the floor no two float32 losses differ: what lies there is zero.
  const labels = { x: stepLabel, y: (value: number) => (value <= DEVIATION_FLOOR ? '0' : deviationLabel(value)) };
  return picture(
    { id, title, description: describe(series) },
    axes(x, y, labels, frame, palette) + content + legend(entries, frame, palette),
    frame,
    palette,
  );
}

/** A legend lists the curves of the first draw, and says once what the thin ones are. */
function entriesOf(lines: readonly Line[], labelOf: (curve: Curve) => string): LegendEntry[] {
  const listed = fewOf(lines.filter(({ curve }) => !isFurther(curve)));
  const further = lines.find(({ curve }) => isFurther(curve));
  return [
    ...listed.map(({ curve, stroke }) => ({ label: labelOf(curve), mark: stroke })),
    ...(further ? [{ label: 'thin: other seeds', mark: further.stroke }] : []),
  ];
}

/** Where there are too many to name, the first, the last and some between stand for all. */
function fewOf(lines: readonly Line[]): readonly Line[] {
  if (lines.length <= MOST_TURNS + 1) return lines;
  const last = lines.length - 1;
  return Array.from({ length: NAMED }, (_, i) => lines[Math.round((i * last) / (NAMED - 1))] ?? []).flat();
}

/** The lines in the order in which they are painted. */
function withStrokes(drawn: readonly Omit<Line, 'stroke'>[], palette: Palette): Line[] {
  const lines = behindFirst(drawn, ({ curve }) => curve);
  const strokes = strokesOf(
    lines.map(({ curve }) => curve),
    palette,
  );
  return lines.map((line, index) => ({ ...line, stroke: strokes[index] ?? NO_STROKE }));
}

/** Entries of a legend of too many. */
const NAMED = 8;

const NO_STROKE = { colour: 'none', width: 0, opacity: 1, dash: '', dashOffset: 0, legendDash: '' };

function frameOf({ width = 640, height = 280 }: SvgOptions, entries: readonly LegendEntry[]): Frame {
  const left = 52;
  const right = width - 14;
  return { width, height, left, right, top: legendHeight(entries, left, right) + 10, bottom: height - 38 };
}

/** Steps from 0, where the loss before the first step stands. */
function stepScale(lines: readonly Line[], { left, right }: Frame): Scale {
  const last = Math.max(1, ...lines.map(({ values }) => values.length - 1));
  return linearScale([0, last], [left, right], Math.min(5, last));
}

/** One tick every 30 pixels at most. */
function tickCount([from, to]: Interval): number {
  return Math.max(2, Math.min(6, Math.floor(Math.abs(to - from) / 30)));
}

const stepLabel = (step: number): string => numberLabel(step, 6);

/** Losses over more decades than this are drawn logarithmically. */
const LINEAR_DECADES = 2;

/**
 * The base decides the axis: a curve that explodes is cut off at three times the base's largest loss,
 * or it would press all others flat.
 */
function lossScale(lines: readonly Line[], range: Interval): Scale {
  const finite = (line: Line | undefined): number[] => (line?.values ?? []).filter(Number.isFinite);
  const base = finite(lines.find(({ curve }) => curve.role === 'base') ?? lines[0]);
  const ceiling = 3 * largestOf(base, 1);
  const all = lines.flatMap(finite).filter((loss) => loss <= ceiling);
  const low = -largestOf(
    all.map((loss) => -loss),
    0,
  );
  const high = largestOf(all, 1);
  if (low > 0 && Math.log10(high / low) > LINEAR_DECADES) return logScale([low, high], range, tickCount(range));
  // Zero belongs to the picture unless it would press a small change flat.
  const floor = low > high / 2 ? low : Math.min(0, low);
  const margin = (high - floor) * 0.04;
  return linearScale([floor === 0 ? 0 : floor - margin, high + margin], range, tickCount(range));
}

/** Largest of possibly very many numbers. */
function largestOf(values: readonly number[], ofNone: number): number {
  return values.length === 0 ? ofNone : values.reduce((largest, value) => Math.max(largest, value), -Infinity);
}

/** Nothing is drawn outside the axes. */
function plotArea(id: string, content: string): string {
  return content === '' ? '' : element('g', { 'clip-path': `url(#${id}-area)` }, content);
}

/** A sentence just above the floor of the plot. */
function note(text: string, { right, bottom }: Frame, { text: colour }: Palette): string {
  return element('text', { x: right - 8, y: bottom - 8, 'text-anchor': 'end', style: `fill:${colour}` }, text);
}

function isZero(values: readonly number[]): boolean {
  return values.length > 0 && values.every((value) => value === 0);
}

function firstToLast(values: readonly number[]): string {
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined) return 'no values';
  return `${numberLabel(first)} at the start, ${numberLabel(last)} at step ${values.length - 1}`;
}

function describe({ lines, band }: DeviationSeries): string {
  const parts = lines.map(({ curve, deviations }) => {
    const largest = largestOf(deviations, 0);
    return `${curve.label}: ${largest === 0 ? '0, the same bits' : `at most ${deviationLabel(largest)}`}`;
  });
  const rounding = band.length > 0 ? ` Rounding alone: at most ${deviationLabel(largestOf(band, 0))}.` : '';
  return `Relative deviation of the loss from the base. ${parts.join('; ')}.${rounding}`;
}
