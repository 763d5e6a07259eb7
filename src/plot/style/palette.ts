import type { CurveStyle } from './curve-style';

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
