import { element, escapeMarkup } from './markup';
import type { Scale } from './scales';
import { thinned } from './series';
import type { Palette, Stroke } from './style';

/** The picture's measures, in CSS pixels, and its colours. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  palette: Palette;
}

/** A frame with its axes. */
export interface PlotFrame extends Frame {
  x: Scale;
  y: Scale;
}

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
const FONT_SIZE = 12;
/** Mean width of a character at that size; legends only need a guess. */
export const CHARACTER = 6.7;
const LEGEND_ROW = 18;

export interface LegendEntry {
  label: string;
  /** A line in this stroke, or a filled box for a band. */
  mark: Stroke | { fill: string };
}

/** A legend on as many rows as it needs. */
export function legend(entries: readonly LegendEntry[], { left, right, palette }: Frame): string {
  return rowsOf(entries, left, right)
    .map(({ entry, x, row }) => {
      const y = 14 + row * LEGEND_ROW;
      return legendMark(entry, x, y - 4) + textAt({ x: x + 24, y, style: `fill:${palette.text}` }, entry.label);
    })
    .join('');
}

/** Height of {@link legend}. */
export function legendHeight(entries: readonly LegendEntry[], left: number, right: number): number {
  return ((rowsOf(entries, left, right).at(-1)?.row ?? 0) + 1) * LEGEND_ROW;
}

function legendMark({ mark }: LegendEntry, x: number, y: number): string {
  if ('fill' in mark) return element('rect', { x, y: y - 4, width: 18, height: 8, style: `fill:${mark.fill}` });
  return element('path', { d: `M${x} ${y}h18`, style: strokeStyle({ ...mark, dash: mark.legendDash, dashOffset: 0 }) });
}

function rowsOf(
  entries: readonly LegendEntry[],
  left: number,
  right: number,
): { entry: LegendEntry; x: number; row: number }[] {
  let [next, row] = [left, 0];
  return entries.map((entry) => {
    const width = 24 + entry.label.length * CHARACTER + 14;
    if (next > left && next + width > right) [next, row] = [left, row + 1];
    const x = next;
    next += width;
    return { entry, x, row };
  });
}

/** A text at x, y. */
export function textAt(attributes: Readonly<Record<string, string | number>>, text: string): string {
  return element('text', attributes, escapeMarkup(text));
}

/** CSS of a line; as a style, so that colours may be `var(--…)`. */
function strokeStyle({ colour, width, opacity, dash, dashOffset }: Stroke): string {
  const dashes = dash.length === 0 ? '' : `;stroke-dasharray:${dash.join(' ')};stroke-dashoffset:${dashOffset}`;
  const sheer = opacity === 1 ? '' : `;stroke-opacity:${opacity}`;
  return `fill:none;stroke:${colour};stroke-width:${width};stroke-linejoin:round;stroke-linecap:butt${dashes}${sheer}`;
}

/**
 * Grid lines and tick labels of both axes.
 * @param labels texts of the ticks
 * @param counted what the horizontal axis counts
 */
export function axes(
  { x, y, left, right, top, bottom, palette }: PlotFrame,
  labels: { x: (value: number) => string; y: (value: number) => string },
  counted: string,
): string {
  const line = `stroke:${palette.grid};stroke-width:1`;
  const style = `fill:${palette.muted};font-variant-numeric:tabular-nums`;
  const horizontal = y.ticks.map((tick) => {
    const at = y.position(tick);
    const label = { x: left - 8, y: at + 4, 'text-anchor': 'end', style };
    const d = `M${left} ${Math.round(at) + 0.5}H${right}`;
    return element('path', { d, style: line }) + textAt(label, labels.y(tick));
  });
  const vertical = x.ticks.map((tick) => {
    const at = x.position(tick);
    const label = { x: at, y: bottom + 17, 'text-anchor': 'middle', style };
    const d = `M${Math.round(at) + 0.5} ${top}V${bottom}`;
    return element('path', { d, style: line }) + textAt(label, labels.x(tick));
  });
  const name = { x: right, y: bottom + 32, 'text-anchor': 'end', style };
  return [...horizontal, ...vertical, textAt(name, counted)].join('');
}

/** The whole picture: named and described for those who cannot see it. `id` must be unique within a page. */
export function picture(
  { id, title, description }: { id: string; title: string; description: string },
  content: string,
  { width, height, left, right, top, bottom, palette }: Frame,
): string {
  const plotArea = { x: left, y: top - 1, width: right - left, height: bottom - top + 2 };
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'aria-labelledby': `${id}-title ${id}-desc`,
    style: `font:${FONT_SIZE}px ${FONT}`,
  };
  const named =
    element('title', { id: `${id}-title` }, escapeMarkup(title)) +
    element('desc', { id: `${id}-desc` }, escapeMarkup(description));
  const area = element('defs', {}, element('clipPath', { id: `${id}-area` }, element('rect', plotArea)));
  const { background } = palette;
  const behind = background === 'none' ? '' : element('rect', { width, height, style: `fill:${background}` });
  return element('svg', attributes, named + area + behind + content);
}

/** SVG of a line through values, shape [steps]; it is interrupted where one is not finite. */
export function drawLine(values: readonly number[], stroke: Stroke, { x, y, left, right }: PlotFrame): string {
  const points = thinned(values, (right - left) * 2);
  let d = '';
  let drawing = false;
  for (const [step, value] of points) {
    const finite = Number.isFinite(value);
    if (finite) d += `${drawing ? 'L' : 'M'}${at(x.position(step))} ${at(y.position(value))}`;
    drawing = finite;
  }
  // A lone point has no length; half a pixel makes it visible.
  if (points.length === 1 && d !== '') d += 'h0.5';
  return d === '' ? '' : element('path', { d, style: strokeStyle(stroke) });
}

/** SVG of the area between the bottom of the frame and `values`. */
export function drawBand(values: readonly number[], { x, y, left, right, bottom, palette }: PlotFrame): string {
  if (values.length === 0) return '';
  const top = thinned(values, (right - left) * 2).map(
    ([step, value]) => `L${at(x.position(step))} ${at(y.position(value))}`,
  );
  const d = `M${at(x.position(0))} ${bottom}${top.join('')}V${bottom}Z`;
  return element('path', { d, style: `fill:${palette.band};stroke:none` });
}

function at(position: number): string {
  return String(Math.round(position * 100) / 100);
}
