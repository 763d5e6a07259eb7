import { PLAN_IDS } from '../recipe/plans/plan';
import { type Curve, isFurther } from '../experiment/words/curves';
import { isShown } from './series';

/** Colours of a plot, as CSS values (`#1f6fd0`, `var(--now)`). */
export interface Palette {
  text: string;
  muted: string;
  grid: string;
  /** What rounding alone does: the controls' band. */
  band: string;
  /** Behind the plot; `none` leaves it transparent. */
  background: string;
  curves: Readonly<Record<CurveStyle, string>>;
  /** For curves of the same style, such as the alphas of a sweep. */
  sequence: readonly string[];
}

/** Every colour has a contrast of at least 4.5:1 (lines 3:1) on white. */
export const LIGHT_PALETTE: Palette = {
  text: '#1f2328',
  muted: '#59636e',
  grid: '#e3e6ea',
  band: '#d9dde2',
  background: '#ffffff',
  curves: {
    base: '#1f6fd0',
    rescaled: '#1a7f37',
    'as-written': '#0a7a80',
    'alpha-only': '#bc5a0a',
    'blog-rule': '#7a3fb5',
    proof: '#59636e',
    fit: '#8a4b20',
    plan: '#b0346c',
    symmetric: '#4a7a12',
    'keep-init': '#c4262e',
    'keep-b': '#8a6d00',
    'lr-only': '#b0346c',
  },
  sequence: ['#1a7f37', '#bc5a0a', '#7a3fb5', '#b0346c', '#0a7a80', '#8a6d00'],
};

/** The same on `#1b1e23`. */
export const DARK_PALETTE: Palette = {
  text: '#e6e8eb',
  muted: '#9aa3ad',
  grid: '#30353c',
  band: '#3a4048',
  background: '#1b1e23',
  curves: {
    base: '#62a8ff',
    rescaled: '#5ccb7a',
    'as-written': '#4cc5cb',
    'alpha-only': '#f0a052',
    'blog-rule': '#c29bf0',
    proof: '#9aa3ad',
    fit: '#d9a37c',
    plan: '#f08ab8',
    symmetric: '#9ccc65',
    'keep-init': '#ff7b78',
    'keep-b': '#dcc05a',
    'lr-only': '#f08ab8',
  },
  sequence: ['#5ccb7a', '#f0a052', '#c29bf0', '#f08ab8', '#4cc5cb', '#dcc05a'],
};

/** What decides how a curve looks: its role, or of a plan beside the chosen one, which plan it is. */
export const CURVE_STYLES = [
  'base',
  'rescaled',
  'as-written',
  'alpha-only',
  'blog-rule',
  'proof',
  'fit',
  'plan',
  ...PLAN_IDS,
] as const;

export type CurveStyle = (typeof CURVE_STYLES)[number];

/** Dashes in CSS pixels, so that curves can be told apart without colour. A solid line where there are none. */
export const DASHES: Readonly<Partial<Record<CurveStyle, readonly number[]>>> = {
  rescaled: [6, 4],
  'as-written': [2, 3],
  fit: [20, 3, 3, 3],
  plan: [9, 3, 2, 3],
  symmetric: [9, 3, 2, 3],
  'keep-init': [9, 3, 2, 3, 2, 3],
  'keep-b': [14, 4],
  'lr-only': [9, 3, 2, 3],
};

/** The style of a curve that is drawn as a line. */
export function curveStyle({ role, name }: Pick<Curve, 'role' | 'name'>): CurveStyle {
  if (!isShown(role)) return 'proof';
  if (role !== 'plan') return role;
  return CURVE_STYLES.find((style) => style === name) ?? 'plan';
}

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
