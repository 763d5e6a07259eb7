import { isFurther } from '../experiment/words/curves';
import { numberLabel } from '../recipe/notation';
import { BAND_LABEL, FURTHER_LABEL, listedOf, placed, type Chart, type ChartLine } from './chart';
import { axes, legend, legendHeight, picture, type Frame, type LegendEntry } from './frame';
import { drawBand, drawLine } from './lines';
import type { Axis } from './loss-axis';
import { element, escapeMarkup } from './markup';
import { LIGHT_PALETTE, type Palette } from './palette';
import { linearScale, logScale, type Scale } from './scales';
import { MOST_TURNS, strokesOf, type Stroke } from './strokes';

export interface SvgOptions {
  /** Unique within the page the picture stands in. */
  id: string;
  title?: string;
  /** CSS pixels. */
  width?: number;
  height?: number;
  palette?: Palette;
}

/** A chart as a self-contained SVG. */
export function chartSvg(chart: Chart, { id, title = chart.title, ...options }: SvgOptions): string {
  const { width = 640, height = 280, palette = LIGHT_PALETTE } = options;
  const { lines, axis, window } = chart;
  const strokes = strokesOf(lines, palette);
  const entries = entriesOf(chart, strokes, palette);
  const [left, right] = [52, width - 14];
  const frame = { width, height, left, right, top: legendHeight(entries, left, right) + 10, bottom: height - 38 };
  const x = linearScale(window, [left, right], Math.min(5, window[1] - window[0]));
  const y = scaleOf(axis, frame);
  const on = (values: readonly number[]): number[] => values.map((value) => placed(value, axis));
  const drawn = lines.map(({ values }, i) => drawLine(on(values), strokes[i] ?? NO_STROKE, x, y, frame));
  const content = drawBand(on(chart.band), x, y, frame, palette.band) + drawn.join('');
  const labels = { x: (step: number) => numberLabel(step, 6), y: (value: number) => chart.tick(value) };
  return picture(
    { id, title, description: chart.describe() },
    axes(x, y, labels, frame, palette) +
      // Nothing is drawn outside the axes.
      (content === '' ? '' : element('g', { 'clip-path': `url(#${id}-area)` }, content)) +
      note(chart.floorNote, frame, palette) +
      legend(entries, frame, palette),
    frame,
    palette,
  );
}

const NO_STROKE: Stroke = { colour: 'none', width: 0, opacity: 1, dash: [], dashOffset: 0, legendDash: [] };

/** A legend lists the curves of the first draw, and says once what the thin ones are. */
function entriesOf({ lines, band }: Chart, strokes: readonly Stroke[], palette: Palette): LegendEntry[] {
  const strokeOf = (line: ChartLine): Stroke => strokes[lines.indexOf(line)] ?? NO_STROKE;
  const further = lines.find(isFurther);
  return [
    ...fewOf(listedOf(lines)).map((line) => ({ label: line.label, mark: strokeOf(line) })),
    ...(further ? [{ label: `thin: ${FURTHER_LABEL}`, mark: strokeOf(further) }] : []),
    ...(band.length > 0 ? [{ label: BAND_LABEL, mark: { fill: palette.band } }] : []),
  ];
}

/** Entries of a legend of too many. */
const NAMED = 8;

/** Where there are too many to name, the first, the last and some between stand for all. */
function fewOf(lines: readonly ChartLine[]): readonly ChartLine[] {
  if (lines.length <= MOST_TURNS + 1) return lines;
  const last = lines.length - 1;
  return Array.from({ length: NAMED }, (_, i) => lines[Math.round((i * last) / (NAMED - 1))] ?? []).flat();
}

/** One tick every 30 pixels at most. */
function scaleOf({ kind, range }: Axis, { bottom, top }: Frame): Scale {
  const ticks = Math.max(2, Math.min(6, Math.floor((bottom - top) / 30)));
  return (kind === 'log' ? logScale : linearScale)(range, [bottom, top], ticks);
}

/** A sentence just above the floor of the plot. */
function note(text: string | null, { right, bottom }: Frame, { text: colour }: Palette): string {
  if (text === null) return '';
  const place = { x: right - 8, y: bottom - 8, 'text-anchor': 'end', style: `fill:${colour}` };
  return element('text', place, escapeMarkup(text));
}
