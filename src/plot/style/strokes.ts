import { isFurther, type Curve } from '../../experiment/words/curves';
import { curveStyle, DASHES } from './curve-style';
import type { Palette } from './palette';

/** How a curve is drawn. */
export interface Stroke {
  colour: string;
  width: number;
  /** From 0 to 1. */
  opacity: number;
  /** Dashes and gaps in CSS pixels; empty for a solid line. */
  dash: readonly number[];
  dashOffset: number;
  /** The same for the legend's short line. */
  legendDash: readonly number[];
}

/** Length of one dash where several curves of the same style take turns. */
const TURN = 9;

/** More curves than this take no turns any more: they go from one colour to another, in their order. */
export const MOST_TURNS = 12;

/** Curves of further draws: behind the first, in the same colour. */
const FURTHER = { width: 1, opacity: 0.45 };

/**
 * The stroke of every curve. A curve that should lie on the base is dashed, so that the base shows through; several of the
 * same style (a sweep) get a colour each and take turns: where they are equal, one line in all colours is seen.
 */
export function strokesOf(curves: readonly Curve[], palette: Palette): Stroke[] {
  const first = curves.filter((curve) => !isFurther(curve));
  return curves.map((curve) => {
    const style = curveStyle(curve);
    const plain = { opacity: 1, dash: [], dashOffset: 0, legendDash: [] };
    if (curve.role === 'control') return { ...plain, colour: palette.band, width: 1 };
    if (isFurther(curve)) return { ...plain, colour: palette.curves[style], ...FURTHER };
    const alike = first.filter((other) => curveStyle(other) === style);
    const turn = alike.indexOf(curve);
    if (alike.length === 1 || curve.role === 'base') {
      const width = curve.role === 'base' ? 4.5 : 2;
      const dash = DASHES[style] ?? [];
      return { ...plain, colour: palette.curves[style], width, dash, legendDash: dash };
    }
    if (alike.length > MOST_TURNS) {
      return { ...plain, colour: onRamp(turn / (alike.length - 1), palette, palette.curves[style]), width: 1.2 };
    }
    return {
      ...plain,
      colour: palette.sequence[turn % palette.sequence.length] ?? palette.curves[style],
      width: 2,
      dash: [TURN, TURN * (alike.length - 1)],
      dashOffset: -TURN * turn,
    };
  });
}

/** The values of single steps behind a curve of cycles. */
export function ghostOf({ colour, opacity }: Stroke): Stroke {
  return { colour, width: 1, opacity: opacity * 0.22, dash: [], dashOffset: 0, legendDash: [] };
}

/** From the first colour of the sequence to the third, as CSS. */
function onRamp(share: number, { sequence }: Palette, otherwise: string): string {
  const [from = otherwise, , to = otherwise] = sequence;
  return from === to ? from : `color-mix(in srgb,${to} ${Math.round(100 * share)}%,${from})`;
}
