import type { VariantRole, VariantSpec, WrongNumber } from '../spec';
import { numberName } from './number-names';

const LABELS: Readonly<Record<Exclude<VariantRole, 'plan' | 'control' | 'forgetful' | 'twin'>, string>> = {
  base: 'now',
  rescaled: 'rescaled',
  'as-written': 'as written',
  'alpha-only': 'alpha alone',
  'blog-rule': 'lr / k',
  proof: 'proof at a power of 2',
  rule: 'the rule at a power of 2',
};

const PLAN_LABELS: Readonly<Record<string, string>> = {
  symmetric: 'init rescaled',
  'keep-init': 'LoRA+ ratio',
  'keep-b': 'A rescaled',
  'lr-only': 'learning rate only',
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
  if (role === 'twin') return `the rule at another scaling ${number}`;
  if (role === 'forgetful') return wrong ? wrongLabel(wrong) : name;
  if (role === 'plan') return PLAN_LABELS[name] ?? name;
  if (role === 'rescaled' && name === 'planned') return 'as planned';
  return alpha === undefined ? LABELS[role] : `alpha ${alpha}`;
}

/** The proof with one number wrong. */
function wrongLabel({ what, how }: WrongNumber): string {
  return `${numberName(what)} ${how === 'left' ? 'left alone' : `moved ${how}`}`;
}
