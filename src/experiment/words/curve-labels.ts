import * as l10n from '@vscode/l10n';
import type { PlanId } from '../../recipe/plans/plan';
import type { TriedRate, VariantRole, VariantSpec, WrongNumber } from '../spec';
import { numberName } from './number-names';

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

/** Name of a variant's curve, as a legend shows it. */
export function curveLabel(variant: Labelled): string {
  const label = labelInDraw(variant);
  return variant.seed === undefined ? label : l10n.t`${label} (seed ${variant.seed})`;
}

type Labelled = Pick<
  VariantSpec,
  'name' | 'role' | 'number' | 'alpha' | 'plan' | 'triedRate' | 'withoutRule' | 'wrong' | 'config' | 'seed'
>;

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

/** The proof with one number wrong. */
function wrongLabel({ what, how }: WrongNumber): string {
  const number = numberName(what);
  if (how === 'left') return l10n.t`${number} left alone`;
  return how === 'up' ? l10n.t`${number} moved up` : l10n.t`${number} moved down`;
}
