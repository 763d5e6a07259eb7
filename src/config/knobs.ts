import { CONSTANT_IDS } from '../recipe/optimizer-row';
import type { Field, Knobs } from '../recipe/plans';
import type { Fields } from './trainers/trainer';

const CANDIDATES = ['alpha', 'learningRate', 'weightDecay', 'maxGradNorm', ...CONSTANT_IDS] as const;

/** What the trainer lets its user say of a network, and so what a plan may ask for. */
export function knobsOf({ fields }: { fields: Fields }): Knobs {
  return { settable: new Set<Field>(CANDIDATES.filter((field) => isSettable(fields, field))) };
}

function isSettable(fields: Fields, field: (typeof CANDIDATES)[number]): boolean {
  const source = fields[field];
  return source !== undefined && !source.fixed;
}
