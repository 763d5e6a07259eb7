import * as l10n from '@vscode/l10n';
import { isFurther } from '../experiment/words/curves';
import { numberLabel } from '../recipe/notation';
import { BAND_LABEL, drawnAt, endOf, FURTHER_LABEL, listedOf, type Chart, type ChartLine } from './chart';
import { spreadLabels } from './end-labels';
import { element, escapeMarkup, hundredths } from './markup';
import { linearScale, logScale, type Scale } from './scales';
import { sampledSteps, thinned } from './series';
import { LIGHT_PALETTE, MOST_TURNS, strokesOf, type Palette, type Stroke } from './style';

interface SvgOptions {
  /** Unique within the page that holds the picture. */
  id: string;
  /** CSS pixels. */
  width?: number;
  height?: number;
  palette?: Palette;
}

/** The sides of the plot in CSS pixels, its axes and its colours. */
type Frame = Record<'left' | 'right' | 'top' | 'bottom', number> & Record<'x' | 'y', Scale> & { palette: Palette };

/** A line that is drawn, and how. */
type StrokedLine = ChartLine & { stroke: Stroke };

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
/** Mean width of a character at 12 pixels; the room for names only needs a guess. */
const CHARACTER = 6.7;
const LABEL_HEIGHT = 15;

/** How many names stand for the curves if there are too many to name. */
const NAMED = 8;

/** A chart as a self-contained SVG, named and described for those who cannot see it. */
export function chartSvg(chart: Chart, { id, ...options }: SvgOptions): string {
  const { width = 640, height = 280, palette = LIGHT_PALETTE } = options;
  const { axis, window } = chart;
  const strokes = strokesOf(chart.lines, palette);
  const lines = chart.lines.flatMap((line, i) => strokes.slice(i, i + 1).map((stroke) => ({ ...line, stroke })));
  const names = namesOf(lines, chart, palette);
  const gutter = 12 + CHARACTER * Math.max(0, ...names.map(({ label }) => label.length));
  const [left, right, top, bottom] = [52, width - 14 - gutter, 10, height - 38];
  const x = linearScale(window, [left, right], Math.min(5, window[1] - window[0]));
  // One tick every 30 pixels at most.
  const ticks = Math.max(2, Math.min(6, Math.floor((bottom - top) / 30)));
  const y = (axis.kind === 'log' ? logScale : linearScale)(axis.range, [bottom, top], ticks);
  const frame: Frame = { left, right, top, bottom, palette, x, y };

  const inside = [drawBand(chart.band, frame), ...lines.map((line) => drawLine(line, axis, frame))].join('');
  const area = element('rect', { x: left, y: top - 1, width: right - left, height: bottom - top + 2 });
  const noteAt = { x: right - 8, y: bottom - 8, 'text-anchor': 'end', style: `fill:${palette.text}` };
  const attributes = {
    ...{ xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img' },
    'aria-labelledby': `${id}-title ${id}-desc`,
    style: `font:12px ${FONT}`,
  };
  const content = [
    element('title', { id: `${id}-title` }, escapeMarkup(chart.title)),
    element('desc', { id: `${id}-desc` }, escapeMarkup(chart.describe())),
    element('defs', {}, element('clipPath', { id: `${id}-area` }, area)),
    palette.background === 'none' ? '' : element('rect', { width, height, style: `fill:${palette.background}` }),
    axes(frame, chart),
    // Nothing is drawn outside the axes.
    inside === '' ? '' : element('g', { 'clip-path': `url(#${id}-area)` }, inside),
    chart.floorNote === null ? '' : textAt(noteAt, chart.floorNote),
    ends(names, frame),
  ];
  return element('svg', attributes, content.join(''));
}

/** A text at x, y. */
function textAt(attributes: Readonly<Record<string, string | number>>, text: string): string {
  return element('text', attributes, escapeMarkup(text));
}

/** A name at the end of a curve, in its colour. */
interface Name {
  label: string;
  colour: string;
  /** The last value that is drawn. */
  end: number;
}

/**
 * The names of the curves of the first draw, and once what the thin ones are. If there are too many curves to name, the
 * first, the last and some between stand for all.
 */
function namesOf(lines: readonly StrokedLine[], chart: Chart, palette: Palette): Name[] {
  const listed = listedOf(lines);
  const some = sampledSteps(listed.length, NAMED);
  const further = lines.find(isFurther);
  const muted = { colour: palette.muted };
  return [
    ...listed.filter((_, i) => listed.length <= MOST_TURNS + 1 || some.includes(i)),
    ...(further ? [{ label: l10n.t`thin: ${FURTHER_LABEL}`, values: further.values, stroke: muted }] : []),
    ...(chart.band.length > 0 ? [{ label: BAND_LABEL, values: chart.band, stroke: muted }] : []),
  ].flatMap(({ label, values, stroke: { colour } }) => {
    const end = endOf(values, chart);
    return end === null ? [] : [{ label, colour, end }];
  });
}

/** The names, as near to the ends of their curves as they can be. */
function ends(names: readonly Name[], { y, top, right, bottom }: Frame): string {
  const wanted = names.map(({ end }) => Math.min(bottom, Math.max(top, y.position(end))));
  const middles = spreadLabels(wanted, LABEL_HEIGHT, [top, bottom]);
  return names
    .map(({ label, colour }, i) => textAt({ x: right + 8, y: (middles[i] ?? 0) + 4, style: `fill:${colour}` }, label))
    .join('');
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

/** A line through its values; it is interrupted where one is not finite. */
function drawLine({ values, stroke }: StrokedLine, axis: Chart['axis'], frame: Frame): string {
  const drawn = values.map((value) => drawnAt(value, axis));
  const points = thinned(drawn, (frame.right - frame.left) * 2);
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
