import type { ExperimentSpec, RunResult, VariantRole } from '../spec';
import { variantName } from '../variants/draws';
import { curveLabel } from './curve-labels';

/** What a curve is there for: a variant's role, or the learning rate that fits best. */
export type CurveRole = VariantRole | 'fit';

/** A curve of a run, as plots and legends know it. `role` decides its colour, and whether it is a line or part of the rounding band. */
export interface Curve {
  /** Unique among the curves. */
  name: string;
  /** Name of the same curve in the first draw; absent for a curve of the first draw. */
  family?: string;
  /** For people: `now`, `rescaled`, `alpha alone`. */
  label: string;
  role: CurveRole;
  /** Which of the run's draws it is of; the first where it is left out. */
  draw?: number;
}

export const FIT_LABEL = 'best single rate';

/** The curves that a spec will give, in the order of its variants. */
export function curvesOf({ variants }: ExperimentSpec): Curve[] {
  return variants.map((variant) => ({
    name: variantName(variant),
    ...(variant.draw > 0 ? { family: variant.name } : {}),
    label: curveLabel(variant),
    role: variant.role,
    draw: variant.draw,
  }));
}

/** All curves of a run with their losses: those of the variants, then that of the fit where one was found. */
export function curvesWithFit(
  spec: ExperimentSpec,
  { losses, fit }: Pick<RunResult, 'losses' | 'fit'>,
): { curves: Curve[]; losses: number[][] } {
  const curves = curvesOf(spec);
  if (!fit) return { curves, losses };
  const found: Curve = { name: 'best-rate', label: FIT_LABEL, role: 'fit' };
  return { curves: [...curves, found], losses: [...losses, fit.losses] };
}

/** Name of a curve that all draws share. */
export function familyOf({ name, family = name }: Pick<Curve, 'name' | 'family'>): string {
  return family;
}

/** Whether a curve is of a further draw: drawn behind the others, and not listed. */
export function isFurther({ draw = 0 }: Pick<Curve, 'draw'>): boolean {
  return draw > 0;
}
