import { forgottenBy } from '../forgetful';
import type { VariantRole, VariantSpec } from '../spec';
import { numberName } from './numbers';

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
export function curveLabel({ name, role }: Pick<VariantSpec, 'name' | 'role'>): string {
  const [family = name, seed] = name.split('@');
  if (seed !== undefined) return `${curveLabel({ name: family, role })} (seed ${seed})`;
  if (role === 'control') return `rounding ${name.replace('control-', '')}`;
  if (role === 'twin') return `the rule at another scaling ${name.replace('twin-', '')}`;
  if (role === 'forgetful') return wrongLabel(name);
  if (role === 'plan') return PLAN_LABELS[name] ?? name;
  if (role === 'rescaled' && name === 'planned') return 'as planned';
  if (role === 'rescaled' && name.startsWith('alpha-')) return `alpha ${name.slice('alpha-'.length)}`;
  return LABELS[role];
}

/** The proof with one number wrong. */
function wrongLabel(name: string): string {
  const forgotten = forgottenBy(name);
  if (!forgotten) return name;
  const { what, wrong } = forgotten;
  return `${numberName(what)} ${wrong === 'left' ? 'left alone' : `moved ${wrong}`}`;
}
