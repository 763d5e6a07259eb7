import { CONSTANT_IDS } from '../../recipe/optimizers/constants';
import type { Field } from '../../recipe/plans/plan';
import type { OptimizerRule } from './word';

/** The usual keys of numbers in parameter groups; with a dot for an element of a tuple. */
const USUAL: Readonly<Partial<Record<Field, string>>> = {
  learningRate: 'lr',
  weightDecay: 'weight_decay',
  eps: 'eps',
  epsRms: 'eps.1',
  lambd: 'lambd',
  stepMin: 'step_sizes.0',
  stepMax: 'step_sizes.1',
};

/** Under what the groups of an optimizer's class keep a number, or null where they have none for it. */
export function groupKeyOf(rule: OptimizerRule | null, field: Field): string | null {
  const named = CONSTANT_IDS.some((id) => id === field) ? rule?.arguments?.[field] : undefined;
  const usual = USUAL[field];
  return usual === undefined ? null : (rule?.groupKeys?.[field] ?? named ?? usual);
}

/** The fields that a parameter group of an optimizer can set. */
export function groupFields(rule: OptimizerRule | null): ReadonlySet<Field> {
  return new Set((Object.keys(USUAL) as Field[]).filter((field) => groupKeyOf(rule, field) !== null));
}
