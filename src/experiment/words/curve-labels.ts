import * as l10n from '@vscode/l10n';
import type { VariantRole, VariantSpec, WrongNumber } from '../spec';
import { numberName } from './number-names';

const LABELS: Readonly<Record<Exclude<VariantRole, 'plan' | 'control' | 'forgetful' | 'twin'>, string>> = {
  base: 'now',
  rescaled: 'rescaled',
  'as-written': l10n.t('as written'),
  'alpha-only': l10n.t('alpha alone'),
  'blog-rule': 'lr / k',
  proof: l10n.t('proof at a power of 2'),
  rule: l10n.t('the rule at a power of 2'),
};

const PLAN_LABELS: Readonly<Record<string, string>> = {
  symmetric: l10n.t('init rescaled'),
  'keep-init': l10n.t('LoRA+ ratio'),
  'keep-b': 'A rescaled',
  'lr-only': l10n.t('learning rate only'),
  'rate-by-root': 'lr / √k',
  'rate-by-k': 'lr / k',
};

/** Name of a variant's curve, as a legend shows it. */
export function curveLabel(variant: Labelled): string {
  const label = labelInDraw(variant);
  return variant.seed === undefined ? label : `${label} (seed ${variant.seed})`;
}

type Labelled = Pick<VariantSpec, 'name' | 'role' | 'number' | 'alpha' | 'wrong' | 'seed'>;

function labelInDraw({ name, role, number, alpha, wrong }: Labelled): string {
  if (role === 'control') return `rounding ${number}`;
  if (role === 'twin') return l10n.t`the rule at another scaling ${number ?? ''}`;
  if (role === 'forgetful') return wrong ? wrongLabel(wrong) : name;
  if (role === 'plan') return PLAN_LABELS[name] ?? name;
  if (role === 'rescaled' && name === 'planned') return l10n.t('as planned');
  return alpha === undefined ? LABELS[role] : `alpha ${alpha}`;
}

/** The proof with one number wrong. */
function wrongLabel({ what, how }: WrongNumber): string {
  return `${numberName(what)} ${how === 'left' ? l10n.t('left alone') : `moved ${how}`}`;
}
