import { element, escapeMarkup } from './markup';
import type { Palette, Stroke } from './style';
import type { Scale } from './scales';
import { thinned, type StepValue } from './series';

/** The picture's measures, in CSS pixels. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
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
export function legend(entries: readonly LegendEntry[], frame: Frame, palette: Palette): string {
  return placed(entries, frame.left, frame.right)
    .map(({ entry, x, row }) => {
      const y = 14 + row * LEGEND_ROW;
      const label = element('text', { x: x + 24, y, style: `fill:${palette.text}` }, escapeMarkup(entry.label));
      return legendMark(entry, x, y - 4) + label;
    })
    .join('');
}

/** Height of {@link legend}. */
export function legendHeight(entries: readonly LegendEntry[], left: number, right: number): number {
  return ((placed(entries, left, right).at(-1)?.row ?? 0) + 1) * LEGEND_ROW;
}

function legendMark({ mark }: LegendEntry, x: number, y: number): string {
  if ('fill' in mark) return element('rect', { x, y: y - 4, width: 18, height: 8, style: `fill:${mark.fill}` });
  return element('path', { d: `M${x} ${y}h18`, style: strokeStyle({ ...mark, dash: mark.legendDash, dashOffset: 0 }) });
}

function placed(
  entries: readonly LegendEntry[],
  left: number,
  right: number,
): { entry: LegendEntry; x: number; row: number }[] {
  let x = left;
  let row = 0;
  return entries.map((entry) => {
    const width = 24 + entry.label.length * CHARACTER + 14;
    if (x > left && x + width > right) {
      x = left;
      row += 1;
    }
    const place = { entry, x, row };
    x += width;
    return place;
  });
}

/** CSS of a line; as a style, so that colours may be `var(--…)`. */
function strokeStyle({ colour, width, opacity, dash, dashOffset }: Stroke): string {
  const dashes = dash.length === 0 ? '' : `;stroke-dasharray:${dash.join(' ')};stroke-dashoffset:${dashOffset}`;
  const sheer = opacity === 1 ? '' : `;stroke-opacity:${opacity}`;
  return `fill:none;stroke:${colour};stroke-width:${width};stroke-linejoin:round;stroke-linecap:butt${dashes}${sheer}`;
}

/** Grid lines and tick labels of both axes, and what the horizontal one counts. */
export function axes(
  x: Scale,
  y: Scale,
  labels: { x: (value: number) => string; y: (value: number) => string },
  frame: Frame,
  palette: Palette,
  counted: string,
): string {
  const line = `stroke:${palette.grid};stroke-width:1`;
  const text = `fill:${palette.muted};font-variant-numeric:tabular-nums`;
  const horizontal = y.ticks.map((tick) => {
    const at = y.position(tick);
    return (
      element('path', { d: `M${frame.left} ${Math.round(at) + 0.5}H${frame.right}`, style: line }) +
      element('text', { x: frame.left - 8, y: at + 4, 'text-anchor': 'end', style: text }, escapeMarkup(labels.y(tick)))
    );
  });
  const vertical = x.ticks.map((tick) => {
    const at = x.position(tick);
    const label = { x: at, y: frame.bottom + 17, 'text-anchor': 'middle', style: text };
    return (
      element('path', { d: `M${Math.round(at) + 0.5} ${frame.top}V${frame.bottom}`, style: line }) +
      element('text', label, escapeMarkup(labels.x(tick)))
    );
  });
  const name = { x: frame.right, y: frame.bottom + 32, 'text-anchor': 'end', style: text };
  return [...horizontal, ...vertical, element('text', name, escapeMarkup(counted))].join('');
}

/** The whole picture: named and described for those who cannot see it. `id` must be unique within a page. */
export function picture(
  { id, title, description }: { id: string; title: string; description: string },
  content: string,
  { width, height, left, right, top, bottom }: Frame,
  palette: Palette,
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
  return element(
    'svg',
    attributes,
    element('title', { id: `${id}-title` }, escapeMarkup(title)) +
      element('desc', { id: `${id}-desc` }, escapeMarkup(description)) +
      element('defs', {}, element('clipPath', { id: `${id}-area` }, element('rect', plotArea))) +
      (palette.background === 'none' ? '' : element('rect', { width, height, style: `fill:${palette.background}` })) +
      content,
  );
}

/** SVG of a line through values, shape [steps]; it is interrupted where one is not finite. */
export function drawLine(values: readonly number[], stroke: Stroke, x: Scale, y: Scale, frame: Frame): string {
  return pathOf(thinned(values, (frame.right - frame.left) * 2), x, y, stroke);
}

/** SVG of the area between the bottom of the frame and `values`. */
export function drawBand(values: readonly number[], x: Scale, y: Scale, frame: Frame, colour: string): string {
  if (values.length === 0) return '';
  const top = thinned(values, (frame.right - frame.left) * 2).map(
    ([step, value]) => `L${at(x.position(step))} ${at(y.position(value))}`,
  );
  const d = `M${at(x.position(0))} ${frame.bottom}${top.join('')}V${frame.bottom}Z`;
  return element('path', { d, style: `fill:${colour};stroke:none` });
}

function pathOf(points: readonly StepValue[], x: Scale, y: Scale, stroke: Stroke): string {
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

function at(position: number): string {
  return String(Math.round(position * 100) / 100);
}
