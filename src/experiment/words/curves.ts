import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { VARIANT_ROLES, type ExperimentSpec, type RunResult } from '../spec';
import { variantName } from '../variants/draws';
import { curveLabel } from './curve-labels';

/**
 * A curve of a run for plots and legends. `role` decides its colour, and whether it is a line or part of the band of
 * rounding error.
 */
export const curve = v.object({
  /** Unique among the curves. */
  name: v.string(),
  /** Name of the same curve in the first draw; absent for a curve of the first draw. */
  family: v.exactOptional(v.string()),
  /** The label in a legend: `baseline`, `rescaled`, `alpha alone`. */
  label: v.string(),
  /** A variant's role, or the learning rate that fits best. Decides the colour, and whether the curve is a line. */
  role: v.picklist([...VARIANT_ROLES, 'fit']),
  /** The draw it belongs to; absent: the first. */
  draw: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});
export type Curve = v.InferOutput<typeof curve>;
export type CurveRole = Curve['role'];

export const FIT_LABEL = l10n.t('best lr alone');

/** The curves of a spec, in the order of its variants. */
export function curvesOf({ variants }: ExperimentSpec): Curve[] {
  return variants.map((variant) => ({
    name: variantName(variant),
    ...(variant.draw > 0 ? { family: variant.name } : {}),
    label: curveLabel(variant),
    role: variant.role,
    draw: variant.draw,
  }));
}

/** All curves of a run with their losses; the fit comes last. */
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

/** Whether a curve belongs to a further draw; these are drawn behind the others and not listed. */
export function isFurther({ draw = 0 }: Pick<Curve, 'draw'>): boolean {
  return draw > 0;
}
