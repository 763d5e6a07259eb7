import type { Curve } from '../experiment/words/curves';
import { strokeStyle, type Frame } from './frame';
import { element } from './markup';
import type { Scale } from './scales';
import { thinned, type Point } from './series';
import type { Stroke } from './strokes';

/** One curve with its values (shape [steps]) and how it is drawn. */
export interface Line {
  curve: Curve;
  values: readonly number[];
  stroke: Stroke;
}

/** SVG of all lines, in their order. */
export function drawLines(lines: readonly Line[], x: Scale, y: Scale, frame: Frame): string {
  const columns = (frame.right - frame.left) * 2;
  return lines.map(({ values, stroke }) => pathOf(thinned(values, columns), x, y, stroke)).join('');
}

/** SVG of the area between the bottom of the frame and `values`. */
export function drawBand(values: readonly number[], x: Scale, y: Scale, frame: Frame, colour: string): string {
  if (values.length === 0) return '';
  const top = thinned(values, (frame.right - frame.left) * 2).map(
    ([step, value]) => `L${at(x.position(step))} ${at(inside(y.position(value), frame))}`,
  );
  const d = `M${at(x.position(0))} ${frame.bottom}${top.join('')}V${frame.bottom}Z`;
  return element('path', { d, style: `fill:${colour};stroke:none` });
}

/** A line that is interrupted where a value is not finite. */
function pathOf(points: readonly Point[], x: Scale, y: Scale, stroke: Stroke): string {
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

/** An infinite deviation reaches the top of the frame. */
function inside(position: number, frame: Frame): number {
  return Number.isFinite(position) ? position : frame.top;
}

function at(position: number): string {
  return String(Math.round(position * 100) / 100);
}
