import { isFurther, type Curve } from '../experiment/words/curves';
import type { PlanId } from '../recipe/plans/plan';

/** What decides how a curve looks: its role, or of a plan beside the chosen one, which plan it is. */
export type CurveStyle =
  'base' | 'rescaled' | 'as-written' | 'alpha-only' | 'blog-rule' | 'proof' | 'fit' | 'plan' | PlanId;

/**
 * Colours on white and on `#1b1e23`, with a contrast of at least 4.5:1 (lines 3:1). Dashes in CSS pixels, so that
 * curves can be told apart without colour; a solid line where there are none.
 */
const LOOKS: Readonly<Record<CurveStyle, readonly [light: string, dark: string, dash?: readonly number[]]>> = {
  base: ['#1f6fd0', '#62a8ff'],
  rescaled: ['#1a7f37', '#5ccb7a', [6, 4]],
  'as-written': ['#0a7a80', '#4cc5cb', [2, 3]],
  'alpha-only': ['#bc5a0a', '#f0a052'],
  'blog-rule': ['#7a3fb5', '#c29bf0'],
  proof: ['#59636e', '#9aa3ad'],
  fit: ['#8a4b20', '#d9a37c', [20, 3, 3, 3]],
  plan: ['#b0346c', '#f08ab8', [9, 3, 2, 3]],
  symmetric: ['#4a7a12', '#9ccc65', [9, 3, 2, 3]],
  'keep-init': ['#c4262e', '#ff7b78', [9, 3, 2, 3, 2, 3]],
  'keep-b': ['#8a6d00', '#dcc05a', [14, 4]],
  'lr-only': ['#b0346c', '#f08ab8', [9, 3, 2, 3]],
};

export const CURVE_STYLES = Object.keys(LOOKS) as CurveStyle[];

/** Of the learning rates of a recorded run, in their order. */
const RATE_STYLES = ['base', 'alpha-only', 'blog-rule', 'rescaled', 'keep-b', 'as-written'] as const;

/** The style of a curve. */
export function curveStyle({ role, name }: Pick<Curve, 'role' | 'name'>): CurveStyle {
  if (role === 'rate') return RATE_STYLES.find((_, i) => name === `rate-${i}`) ?? 'proof';
  if (role === 'plan') return CURVE_STYLES.find((style) => style === name) ?? 'plan';
  return CURVE_STYLES.find((style) => style === role) ?? 'proof';
}

/** Colours of a plot, as CSS values (`#1f6fd0`, `var(--now)`). */
export interface Palette {
  text: string;
  muted: string;
  grid: string;
  /** The band of rounding error. */
  band: string;
  /** Behind the plot; `none` leaves it transparent. */
  background: string;
  curves: Readonly<Record<CurveStyle, string>>;
  /** For curves of the same style, such as the alphas of a sweep. */
  sequence: readonly string[];
}

const SEQUENCE = ['rescaled', 'alpha-only', 'blog-rule', 'plan', 'as-written', 'keep-b'] as const;

function paletteOf(shade: 0 | 1, others: Omit<Palette, 'curves' | 'sequence'>): Palette {
  const curves = Object.fromEntries(CURVE_STYLES.map((style) => [style, LOOKS[style][shade]]));
  return { ...others, curves: curves as Palette['curves'], sequence: SEQUENCE.map((style) => LOOKS[style][shade]) };
}

const LIGHT = { text: '#1f2328', muted: '#59636e', grid: '#e3e6ea', band: '#d9dde2', background: '#ffffff' };
const DARK = { text: '#e6e8eb', muted: '#9aa3ad', grid: '#30353c', band: '#3a4048', background: '#1b1e23' };

export const LIGHT_PALETTE = paletteOf(0, LIGHT);
export const DARK_PALETTE = paletteOf(1, DARK);

/** How a curve is drawn. */
export interface Stroke {
  colour: string;
  width: number;
  /** From 0 to 1. */
  opacity: number;
  /** Dashes and gaps in CSS pixels; empty for a solid line. */
  dash: readonly number[];
  dashOffset: number;
}

const PLAIN: Stroke = { colour: 'none', width: 0, opacity: 1, dash: [], dashOffset: 0 };

/** Length of one dash where several curves of the same style take turns. */
const TURN = 9;

/** More curves than this take no turns any more: they go from one colour to another, in their order. */
export const MOST_TURNS = 12;

/**
 * The stroke of every curve. A curve that should lie on the base is dashed, and the base translucent, so that both are seen; several of
 * the same style (a sweep) get a colour each and take turns: where they are equal, one line in all colours is seen.
 */
export function strokesOf(curves: readonly Curve[], palette: Palette): Stroke[] {
  const { sequence } = palette;
  const first = curves.filter((curve) => !isFurther(curve));
  return curves.map((curve): Stroke => {
    const style = curveStyle(curve);
    const colour = palette.curves[style];
    if (curve.role === 'control') return { ...PLAIN, colour: palette.band, width: 1 };
    // Behind the first draw, in the same colour.
    if (isFurther(curve)) return { ...PLAIN, colour, width: 1, opacity: 0.45 };
    const alike = first.filter((other) => curveStyle(other) === style);
    const turn = alike.indexOf(curve);
    if (alike.length === 1 || curve.role === 'base') {
      const [, , dash = []] = LOOKS[style];
      return curve.role === 'base'
        ? { ...PLAIN, colour, width: 5, opacity: 0.5 }
        : { ...PLAIN, colour, width: 2, dash };
    }
    if (alike.length > MOST_TURNS) {
      const [from = colour, , to = colour] = sequence;
      const share = Math.round((100 * turn) / (alike.length - 1));
      return { ...PLAIN, colour: from === to ? from : `color-mix(in srgb,${to} ${share}%,${from})`, width: 1.2 };
    }
    const own = sequence[turn % sequence.length] ?? colour;
    return { ...PLAIN, colour: own, width: 2, dash: [TURN, TURN * (alike.length - 1)], dashOffset: -TURN * turn };
  });
}
