import { curveStyle, DASHES } from './curve-style';
import type { Palette } from './palette';
import type { Curve } from './series';

/** How a curve is drawn. */
export interface Stroke {
  colour: string;
  width: number;
  /** SVG's stroke-dasharray; empty for a solid line. */
  dash: string;
  dashOffset: number;
  /** The same for the legend's short line. */
  legendDash: string;
}

/** Length of one dash where several curves of the same style take turns. */
const TURN = 9;

/**
 * The stroke of every curve. A curve that should lie on the base is dashed, so that the base shows through; several of the
 * same style (a sweep) get a colour each and take turns: where they are equal, one line in all colours is seen.
 */
export function strokesOf(curves: readonly Curve[], palette: Palette): Stroke[] {
  return curves.map((curve) => {
    const style = curveStyle(curve);
    const alike = curves.filter((other) => curveStyle(other) === style);
    const turn = alike.indexOf(curve);
    if (curve.role === 'control') return { colour: palette.band, width: 1, dash: '', dashOffset: 0, legendDash: '' };
    if (alike.length === 1 || curve.role === 'base') {
      const width = curve.role === 'base' ? 4.5 : 2;
      const dash = DASHES[style]?.join(' ') ?? '';
      return { colour: palette.curves[style], width, dash, dashOffset: 0, legendDash: dash };
    }
    return {
      colour: palette.sequence[turn % palette.sequence.length] ?? palette.curves[style],
      width: 2,
      dash: `${TURN} ${TURN * (alike.length - 1)}`,
      dashOffset: -TURN * turn,
      legendDash: '',
    };
  });
}
