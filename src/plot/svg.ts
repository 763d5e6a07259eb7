import * as l10n from '@vscode/l10n';
import { isFurther } from '../experiment/words/curves';
import { numberLabel } from '../recipe/notation';
import { BAND_LABEL, drawnAt, endOf, FURTHER_LABEL, listedOf, type Chart, type ChartLine } from './chart';
import { spreadLabels } from './end-labels';
import { element, escapeMarkup } from './markup';
import { linearScale, logScale, type Scale } from './scales';
import { thinned } from './series';
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

/** The sides of the plot in CSS pixels, its axes and its colours. */
interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
  x: Scale;
  y: Scale;
  palette: Palette;
}

/** A line that is drawn, and how. */
type StrokedLine = ChartLine & { stroke: Stroke };

interface LegendEntry {
  label: string;
  /** A line in this stroke, or a filled box for a band. */
  mark: Stroke | { fill: string };
  /** Where it stands; the row counts from 0. */
  x: number;
  row: number;
}

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
/** Mean width of a character at 12 pixels; legends only need a guess. */
const CHARACTER = 6.7;
const LEGEND_ROW = 18;
const LABEL_HEIGHT = 15;

/** More curves than this are named in a legend above the plot; fewer at their ends. */
const MOST_ENDS = 8;

/** Entries of a legend of too many. */
const NAMED = 8;

/** A chart as a self-contained SVG, named and described for those who cannot see it. */
export function chartSvg(chart: Chart, { id, title = chart.title, ...options }: SvgOptions): string {
  const { width = 640, height = 280, palette = LIGHT_PALETTE } = options;
  const { axis, window, band } = chart;
  const strokes = strokesOf(chart.lines, palette);
  const lines = chart.lines.flatMap((line, i) => strokes.slice(i, i + 1).map((stroke) => ({ ...line, stroke })));
  const hasLegend = listedOf(lines).length > MOST_ENDS || lines.some(isFurther);
  const [left, bottom] = [52, height - 38];
  const entries = entriesOf(lines, band, palette, [left, width - 14]);
  const gutter = hasLegend ? 0 : 12 + CHARACTER * Math.max(0, ...entries.map(({ label }) => label.length));
  const right = width - 14 - gutter;
  const top = (hasLegend ? ((entries.at(-1)?.row ?? 0) + 1) * LEGEND_ROW : 0) + 10;
  const x = linearScale(window, [left, right], Math.min(5, window[1] - window[0]));
  // One tick every 30 pixels at most.
  const ticks = Math.max(2, Math.min(6, Math.floor((bottom - top) / 30)));
  const y = (axis.kind === 'log' ? logScale : linearScale)(axis.range, [bottom, top], ticks);
  const frame: Frame = { left, right, top, bottom, palette, x, y };

  const draw = (values: readonly number[], stroke: Stroke): string =>
    drawLine(
      values.map((value) => drawnAt(value, axis)),
      stroke,
      frame,
    );
  const ghosts = lines.map(({ ghost, stroke }) => draw(ghost, ghostOf(stroke)));
  const inside = [drawBand(band, frame), ...ghosts, ...lines.map((line) => draw(line.values, line.stroke))].join('');
  const area = element('rect', { x: left, y: top - 1, width: right - left, height: bottom - top + 2 });
  const noteAt = { x: right - 8, y: bottom - 8, 'text-anchor': 'end', style: `fill:${palette.text}` };
  const attributes = {
    ...{ xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img' },
    'aria-labelledby': `${id}-title ${id}-desc`,
    style: `font:12px ${FONT}`,
  };
  const content = [
    element('title', { id: `${id}-title` }, escapeMarkup(title)),
    element('desc', { id: `${id}-desc` }, escapeMarkup(chart.describe())),
    element('defs', {}, element('clipPath', { id: `${id}-area` }, area)),
    palette.background === 'none' ? '' : element('rect', { width, height, style: `fill:${palette.background}` }),
    axes(frame, chart),
    // Nothing is drawn outside the axes.
    inside === '' ? '' : element('g', { 'clip-path': `url(#${id}-area)` }, inside),
    chart.floorNote === null ? '' : textAt(noteAt, chart.floorNote),
    hasLegend ? legend(entries, palette) : ends(chart, lines, frame),
  ];
  return element('svg', attributes, content.join(''));
}

/** A text at x, y. */
function textAt(attributes: Readonly<Record<string, string | number>>, text: string): string {
  return element('text', attributes, escapeMarkup(text));
}

/** The names at the ends of the curves, in their colours. */
function ends(chart: Chart, lines: readonly StrokedLine[], { y, top, right, bottom, palette }: Frame): string {
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

/**
 * What a legend lists, on as many rows as it needs: the curves of the first draw, and once what the thin ones are. If
 * there are too many curves to name, the first, the last and some between stand for all.
 */
function entriesOf(
  lines: readonly StrokedLine[],
  band: readonly number[],
  palette: Palette,
  [left, right]: readonly [number, number],
): LegendEntry[] {
  const listed = listedOf(lines);
  const isNamed = Array.from({ length: NAMED }, (_, i) => Math.round((i * (listed.length - 1)) / (NAMED - 1)));
  const few = listed.filter((_, i) => listed.length <= MOST_TURNS + 1 || isNamed.includes(i));
  const further = lines.find(isFurther);
  const entries = [
    ...few.map(({ label, stroke }) => ({ label, mark: stroke })),
    ...(further ? [{ label: l10n.t`thin: ${FURTHER_LABEL}`, mark: further.stroke }] : []),
    ...(band.length > 0 ? [{ label: BAND_LABEL, mark: { fill: palette.band } }] : []),
  ];
  let [next, row] = [left, 0];
  return entries.map((entry) => {
    const width = 24 + entry.label.length * CHARACTER + 14;
    if (next > left && next + width > right) [next, row] = [left, row + 1];
    const x = next;
    next += width;
    return { ...entry, x, row };
  });
}

function legend(entries: readonly LegendEntry[], palette: Palette): string {
  const drawn = entries.map(({ label, mark, x, row }) => {
    const y = 14 + row * LEGEND_ROW;
    const sign =
      'fill' in mark
        ? element('rect', { x, y: y - 8, width: 18, height: 8, style: `fill:${mark.fill}` })
        : element('path', {
            d: `M${x} ${y - 4}h18`,
            style: strokeStyle({ ...mark, dash: mark.legendDash, dashOffset: 0 }),
          });
    return sign + textAt({ x: x + 24, y, style: `fill:${palette.text}` }, label);
  });
  return drawn.join('');
}

/** CSS of a line; as a style, so that colours may be `var(--…)`. */
function strokeStyle({ colour, width, opacity, dash, dashOffset }: Stroke): string {
  const dashes = dash.length === 0 ? '' : `;stroke-dasharray:${dash.join(' ')};stroke-dashoffset:${dashOffset}`;
  const sheer = opacity === 1 ? '' : `;stroke-opacity:${opacity}`;
  return `fill:none;stroke:${colour};stroke-width:${width};stroke-linejoin:round;stroke-linecap:butt${dashes}${sheer}`;
}

/** Grid lines and tick labels of both axes. */
function axes({ x, y, left, right, top, bottom, palette }: Frame, chart: Chart): string {
  const style = `fill:${palette.muted};font-variant-numeric:tabular-nums`;
  const tickAt = (d: string, label: Readonly<Record<string, string | number>>, text: string): string =>
    element('path', { d, style: `stroke:${palette.grid};stroke-width:1` }) + textAt({ ...label, style }, text);
  const horizontal = y.ticks.map((tick) => {
    const at = y.position(tick);
    const label = { x: left - 8, y: at + 4, 'text-anchor': 'end' };
    return tickAt(`M${left} ${Math.round(at) + 0.5}H${right}`, label, chart.tick(tick));
  });
  const vertical = x.ticks.map((tick) => {
    const at = x.position(tick);
    const label = { x: at, y: bottom + 17, 'text-anchor': 'middle' };
    return tickAt(`M${Math.round(at) + 0.5} ${top}V${bottom}`, label, numberLabel(tick, 6));
  });
  const name = { x: right, y: bottom + 32, 'text-anchor': 'end', style };
  return [...horizontal, ...vertical, textAt(name, l10n.t('step'))].join('');
}

/** A line through values, shape [steps]; it is interrupted where one is not finite. */
function drawLine(values: readonly number[], stroke: Stroke, frame: Frame): string {
  const points = thinned(values, (frame.right - frame.left) * 2);
  const d = points
    .map(([step, value], i) => {
      if (!Number.isFinite(value)) return '';
      return (Number.isFinite(points[i - 1]?.[1]) ? 'L' : 'M') + pointAt(step, value, frame);
    })
    .join('');
  if (d === '') return '';
  // A lone point has no length; half a pixel makes it visible.
  return element('path', { d: points.length === 1 ? `${d}h0.5` : d, style: strokeStyle(stroke) });
}

/** The area between the bottom of the plot and `values`. */
function drawBand(values: readonly number[], frame: Frame): string {
  const { x, left, right, bottom, palette } = frame;
  if (values.length === 0) return '';
  const edge = thinned(values, (right - left) * 2).map(([step, value]) => `L${pointAt(step, value, frame)}`);
  const d = `M${hundredths(x.position(0))} ${bottom}${edge.join('')}V${bottom}Z`;
  return element('path', { d, style: `fill:${palette.band};stroke:none` });
}

function pointAt(step: number, value: number, { x, y }: Frame): string {
  return `${hundredths(x.position(step))} ${hundredths(y.position(value))}`;
}

/** A coordinate with as many digits as a screen can show. */
function hundredths(position: number): number {
  return Math.round(position * 100) / 100;
}
