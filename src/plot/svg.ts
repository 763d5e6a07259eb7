import * as l10n from '@vscode/l10n';
import { isFurther } from '../experiment/words/curves';
import { numberLabel } from '../recipe/notation';
import { BAND_LABEL, endOf, FURTHER_LABEL, listedOf, placed, type Chart, type ChartLine } from './chart';
import { spreadLabels } from './end-labels';
import {
  axes,
  CHARACTER,
  legend,
  legendHeight,
  picture,
  type Frame,
  type LegendEntry,
  drawBand,
  drawLine,
} from './frame';
import { type Axis, linearScale, logScale, type Scale } from './scales';
import { element, escapeMarkup } from './markup';
import { LIGHT_PALETTE, type Palette, ghostOf, MOST_TURNS, strokesOf, type Stroke } from './style';

export interface SvgOptions {
  /** Unique within the page that holds the picture. */
  id: string;
  title?: string;
  /** CSS pixels. */
  width?: number;
  height?: number;
  palette?: Palette;
}

/** More curves than this are named in a legend above the plot; fewer at their ends. */
const MOST_ENDS = 8;

const LABEL_HEIGHT = 15;

/** A chart as a self-contained SVG. */
export function chartSvg(chart: Chart, { id, title = chart.title, ...options }: SvgOptions): string {
  const { width = 640, height = 280, palette = LIGHT_PALETTE } = options;
  const { lines, axis, window } = chart;
  const strokes = strokesOf(lines, palette);
  const entries = entriesOf(chart, strokes, palette);
  const hasLegend = listedOf(lines).length > MOST_ENDS || lines.some(isFurther);
  const gutter = hasLegend ? 0 : 12 + CHARACTER * Math.max(0, ...entries.map(({ label }) => label.length));
  const [left, right] = [52, width - 14 - gutter];
  const top = (hasLegend ? legendHeight(entries, left, width - 14) : 0) + 10;
  const frame = { width, height, left, right, top, bottom: height - 38 };
  const x = linearScale(window, [left, right], Math.min(5, window[1] - window[0]));
  const y = scaleOf(axis, frame);
  const on = (values: readonly number[]): number[] => values.map((value) => placed(value, axis));
  const strokeAt = (i: number): Stroke => strokes[i] ?? NO_STROKE;
  const ghosts = lines.map(({ ghost }, i) => drawLine(on(ghost), ghostOf(strokeAt(i)), x, y, frame));
  const drawn = lines.map(({ values }, i) => drawLine(on(values), strokeAt(i), x, y, frame));
  const content = drawBand(on(chart.band), x, y, frame, palette.band) + ghosts.join('') + drawn.join('');
  const labels = { x: (step: number) => numberLabel(step, 6), y: (value: number) => chart.tick(value) };
  return picture(
    { id, title, description: chart.describe() },
    axes(x, y, labels, frame, palette, l10n.t('step')) +
      // Nothing is drawn outside the axes.
      (content === '' ? '' : element('g', { 'clip-path': `url(#${id}-area)` }, content)) +
      note(chart.floorNote, frame, palette) +
      (hasLegend ? legend(entries, frame, palette) : ends(chart, strokes, y, frame, palette)),
    frame,
    palette,
  );
}

const NO_STROKE: Stroke = { colour: 'none', width: 0, opacity: 1, dash: [], dashOffset: 0, legendDash: [] };

/** The names at the ends of the curves, in their colours. */
function ends(chart: Chart, strokes: readonly Stroke[], y: Scale, frame: Frame, palette: Palette): string {
  const named = [
    ...chart.lines.map(({ label, values }, i) => ({ label, values, colour: strokes[i]?.colour ?? palette.text })),
    ...(chart.band.length > 0 ? [{ label: BAND_LABEL, values: chart.band, colour: palette.muted }] : []),
  ].flatMap(({ values, ...name }) => {
    const end = endOf(values, chart);
    return end === null ? [] : [{ ...name, end: Math.min(frame.bottom, Math.max(frame.top, y.position(end))) }];
  });
  const places = spreadLabels(
    named.map(({ end }) => end),
    LABEL_HEIGHT,
    [frame.top, frame.bottom],
  );
  return named
    .map(({ label, colour }, i) => {
      const place = { x: frame.right + 8, y: (places[i] ?? 0) + 4, style: `fill:${colour}` };
      return element('text', place, escapeMarkup(label));
    })
    .join('');
}

/** A legend lists the curves of the first draw, and says once what the thin ones are. */
function entriesOf({ lines, band }: Chart, strokes: readonly Stroke[], palette: Palette): LegendEntry[] {
  const strokeOf = (line: ChartLine): Stroke => strokes[lines.indexOf(line)] ?? NO_STROKE;
  const further = lines.find(isFurther);
  return [
    ...fewOf(listedOf(lines)).map((line) => ({ label: line.label, mark: strokeOf(line) })),
    ...(further ? [{ label: l10n.t`thin: ${FURTHER_LABEL}`, mark: strokeOf(further) }] : []),
    ...(band.length > 0 ? [{ label: BAND_LABEL, mark: { fill: palette.band } }] : []),
  ];
}

/** Entries of a legend of too many. */
const NAMED = 8;

/** If there are too many to name, the first, the last and some between stand for all. */
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
