import { strokeStyle, type Frame } from './frame';
import { element } from './markup';
import type { Scale } from '../scales';
import { thinned, type StepValue } from '../chart/series';
import type { Stroke } from '../style/strokes';

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
