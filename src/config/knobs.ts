import type { Field, Knobs } from '../recipe/plans';
import type { Reading } from './reading';
import { TRAINERS } from './trainers/all';
import { settableFields } from './trainers/trainer';

/** What the trainer of this file lets its user say, and so what a plan may ask for. */
export function knobsOf({ trainer, layout }: Reading): Knobs {
  const layouts = TRAINERS.find(({ id }) => id === trainer)?.layouts ?? [];
  const own = layouts.find(({ id }) => id === layout) ?? layouts[0];
  return { settable: own ? settableFields(own) : new Set<Field>() };
}
