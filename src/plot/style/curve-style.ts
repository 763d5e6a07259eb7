import { PLAN_IDS } from '../../recipe/plans/plan';
import type { Curve } from '../../experiment/words/curves';
import { isShown } from '../chart/series';

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
