import { familyOf, type Curve, type CurveRole } from '../../experiment/words/curves';

/** Curves that answer the question; the others are drawn when somebody asks for them. */
const MAIN: readonly CurveRole[] = ['base', 'rescaled', 'alpha-only', 'blog-rule', 'fit'];

/** Which curves somebody wants to see. */
export interface CurveChoice {
  /** Also those of the other plans, and of the run as written. */
  more: boolean;
  /** Name of the only curve to be drawn, beside the baseline; null for all. */
  solo: string | null;
}

/** Whether a curve is one of the few that are always drawn. */
export function isMain({ role }: Pick<Curve, 'role'>): boolean {
  return MAIN.includes(role);
}

/** Whether a curve is drawn. A sweep's curves are all `rescaled`. */
export function isDrawn(curve: Curve, { more, solo }: CurveChoice): boolean {
  if (solo !== null) return familyOf(curve) === solo || curve.role === 'base';
  return more || isMain(curve);
}
