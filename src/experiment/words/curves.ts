import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { VARIANT_ROLES } from '../spec';
import type { ExperimentSpec, RunResult, TriedRate, VariantRole, VariantSpec, WrongNumber, MovedNumber } from '../spec';
import { variantName } from '../variants/draws';
import type { PlanId } from '../../recipe/plans/plan';
import { fieldNoun } from '../../recipe/field-names';

/** A curve of a run for plots and legends. */
export const curve = v.object({
  name: v.string(),
  /** Name of the same curve in the first draw; absent for a curve of the first draw. */
  family: v.exactOptional(v.string()),
  /** In a legend: `baseline`, `rescaled`, `alpha alone`. */
  label: v.string(),
  /**
   * A variant's role, or the learning rate that fits best. Decides the colour, and whether the curve is a line.
   * `rate`: no loss, but the learning rate that a recorded run had at every step.
   */
  role: v.picklist([...VARIANT_ROLES, 'fit', 'rate']),
  /** The draw it belongs to; absent: the first. */
  draw: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** A point that stands out: the learning rate of a rule. */
  mark: v.exactOptional(v.number()),
});
export type Curve = v.InferOutput<typeof curve>;
export type CurveRole = Curve['role'];

export const FIT_LABEL = l10n.t('best lr alone');

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

export function familyOf({ name, family = name }: Pick<Curve, 'name' | 'family'>): string {
  return family;
}

/** Curves of a further draw are drawn behind the others and not listed. */
export function isFurther({ draw = 0 }: Pick<Curve, 'draw'>): boolean {
  return draw > 0;
}

export const BASELINE = l10n.t('baseline');

const LABELS: Readonly<Record<Exclude<VariantRole, 'plan' | 'control' | 'wrong-number' | 'rounded-rule'>, string>> = {
  base: BASELINE,
  rescaled: l10n.t('rescaled'),
  'as-written': l10n.t('as written'),
  'alpha-only': l10n.t('alpha alone'),
  'blog-rule': 'lr / k',
  proof: l10n.t('proof at a power of 2'),
  rule: l10n.t('the rule at a power of 2'),
};

const PLAN_LABELS: Readonly<Record<PlanId, string>> = {
  symmetric: l10n.t('init rescaled'),
  'keep-init': l10n.t('LoRA+ ratio'),
  'keep-b': l10n.t('A rescaled'),
  'lr-only': l10n.t('learning rate only'),
};

const TRIED_LABELS: Readonly<Record<TriedRate, string>> = {
  one: LABELS['alpha-only'],
  root: 'lr / √k',
  k: LABELS['blog-rule'],
};

export function curveLabel(variant: Labelled): string {
  const label = labelInDraw(variant);
  return variant.seed === undefined ? label : l10n.t`${label} (seed ${variant.seed})`;
}

type Labelled = Omit<Partial<VariantSpec>, 'name' | 'role'> & Pick<VariantSpec, 'name' | 'role'>;

function labelInDraw({ name, role, number, alpha, plan, triedRate, withoutRule, wrong, config }: Labelled): string {
  if (config !== undefined) return config;
  if (triedRate) return TRIED_LABELS[triedRate];
  if (role === 'control') return l10n.t`rounding ${number ?? ''}`;
  if (role === 'rounded-rule') return l10n.t`the rule at another scaling ${number ?? ''}`;
  if (role === 'wrong-number') return wrong ? wrongLabel(wrong) : name;
  if (role === 'plan') return plan ? PLAN_LABELS[plan] : name;
  if (withoutRule) return l10n.t('as planned');
  return alpha === undefined ? LABELS[role] : `alpha ${alpha}`;
}

function wrongLabel({ what, how }: WrongNumber): string {
  const number = numberName(what);
  if (how === 'left') return l10n.t`${number} left alone`;
  return how === 'up' ? l10n.t`${number} moved up` : l10n.t`${number} moved down`;
}

export function numberName(what: MovedNumber): string {
  if (what === 'early') return l10n.t('the learning rate of the first steps');
  return fieldNoun(what === 'lr' ? 'learningRate' : what);
}
