import * as l10n from '@vscode/l10n';
import { isFurther } from '../experiment/words/curves';
import { numberLabel } from '../recipe/notation';
import { BAND_LABEL, drawnAt, endOf, FURTHER_LABEL, listedOf, type Chart, type ChartLine } from './chart';
import { spreadLabels } from './end-labels';
import { axes, CHARACTER, drawBand, drawLine, legend, legendHeight, picture, textAt } from './frame';
import type { LegendEntry, PlotFrame } from './frame';
import { element } from './markup';
import { linearScale, logScale } from './scales';
import { ghostOf, LIGHT_PALETTE, MOST_TURNS, strokesOf, type Palette, type Stroke } from './style';

export interface SvgOptions {
  /** Unique within the page that holds the picture. */
  id: string;
  title?: string;
  /** CSS pixels. */
  width?: number;
  height?: number;
  palette?: Palette;
}

/** A line that is drawn, and how. */
type StrokedLine = ChartLine & { stroke: Stroke };

/** More curves than this are named in a legend above the plot; fewer at their ends. */
const MOST_ENDS = 8;

const LABEL_HEIGHT = 15;

/** A chart as a self-contained SVG. */
export function chartSvg(chart: Chart, { id, title = chart.title, ...options }: SvgOptions): string {
  const { width = 640, height = 280, palette = LIGHT_PALETTE } = options;
  const { axis, window } = chart;
  const strokes = strokesOf(chart.lines, palette);
  const lines = chart.lines.flatMap((line, i) => strokes.slice(i, i + 1).map((stroke) => ({ ...line, stroke })));
  const entries = entriesOf(lines, chart.band, palette);
  const hasLegend = listedOf(lines).length > MOST_ENDS || lines.some(isFurther);
  const gutter = hasLegend ? 0 : 12 + CHARACTER * Math.max(0, ...entries.map(({ label }) => label.length));
  const [left, right] = [52, width - 14 - gutter];
  const top = (hasLegend ? legendHeight(entries, left, width - 14) : 0) + 10;
  const bottom = height - 38;
  const x = linearScale(window, [left, right], Math.min(5, window[1] - window[0]));
  // One tick every 30 pixels at most.
  const ticks = Math.max(2, Math.min(6, Math.floor((bottom - top) / 30)));
  const y = (axis.kind === 'log' ? logScale : linearScale)(axis.range, [bottom, top], ticks);
  const frame: PlotFrame = { width, height, left, right, top, bottom, palette, x, y };

  const draw = (values: readonly number[], stroke: Stroke): string =>
    drawLine(
      values.map((value) => drawnAt(value, axis)),
      stroke,
      frame,
    );
  const ghosts = lines.map(({ ghost, stroke }) => draw(ghost, ghostOf(stroke)));
  const content = [drawBand(chart.band, frame), ...ghosts, ...lines.map((line) => draw(line.values, line.stroke))];
  const labels = { x: (step: number) => numberLabel(step, 6), y: (value: number) => chart.tick(value) };
  const inside = content.join('');
  return picture(
    { id, title, description: chart.describe() },
    axes(frame, labels, l10n.t('step')) +
      // Nothing is drawn outside the axes.
      (inside === '' ? '' : element('g', { 'clip-path': `url(#${id}-area)` }, inside)) +
      note(chart.floorNote, frame) +
      (hasLegend ? legend(entries, frame) : ends(chart, lines, frame)),
    frame,
  );
}

/** The names at the ends of the curves, in their colours. */
function ends(chart: Chart, lines: readonly StrokedLine[], { y, top, right, bottom, palette }: PlotFrame): string {
  const named = [
    ...lines.map(({ label, values, stroke }) => ({ label, values, colour: stroke.colour })),
    ...(chart.band.length > 0 ? [{ label: BAND_LABEL, values: chart.band, colour: palette.muted }] : []),
  ].flatMap(({ values, ...name }) => {
    const end = endOf(values, chart);
    return end === null ? [] : [{ ...name, end: Math.min(bottom, Math.max(top, y.position(end))) }];
  });
  const wanted = named.map(({ end }) => end);
  const middles = spreadLabels(wanted, LABEL_HEIGHT, [top, bottom]);
  return named
    .map(({ label, colour }, i) => textAt({ x: right + 8, y: (middles[i] ?? 0) + 4, style: `fill:${colour}` }, label))
    .join('');
}

/** A legend lists the curves of the first draw, and says once what the thin ones are. */
function entriesOf(lines: readonly StrokedLine[], band: readonly number[], palette: Palette): LegendEntry[] {
  const further = lines.find(isFurther);
  return [
    ...fewOf(listedOf(lines)).map(({ label, stroke }) => ({ label, mark: stroke })),
    ...(further ? [{ label: l10n.t`thin: ${FURTHER_LABEL}`, mark: further.stroke }] : []),
    ...(band.length > 0 ? [{ label: BAND_LABEL, mark: { fill: palette.band } }] : []),
  ];
}

/** Entries of a legend of too many. */
const NAMED = 8;

/** If there are too many to name, the first, the last and some between stand for all. */
function fewOf<Line>(lines: readonly Line[]): readonly Line[] {
  if (lines.length <= MOST_TURNS + 1) return lines;
  const last = lines.length - 1;
  return Array.from({ length: NAMED }, (_, i) => lines[Math.round((i * last) / (NAMED - 1))] ?? []).flat() as Line[];
}

/** A sentence just above the floor of the plot. */
function note(text: string | null, { right, bottom, palette }: PlotFrame): string {
  if (text === null) return '';
  return textAt({ x: right - 8, y: bottom - 8, 'text-anchor': 'end', style: `fill:${palette.text}` }, text);
}
