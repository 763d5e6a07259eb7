import type { Field } from '../../recipe/plans/plan';
import { trainerSupport } from './trainer-support';
import { interpretationOf } from '../read';
import type { Reading, ReadField } from '../reading';
import { writeKey } from '../trainers/shared/fields';

/** The key of a field in a file, and whether the user can set it. */
export interface FieldKey {
  /** Null if the trainer has no key for the field. */
  label: string | null;
  isSettable: boolean;
}

/**
 * Looks up the keys of one network of a file.
 * @param text the text `reading` was read from
 */
export function keysOf(text: string, reading: Reading, recipeIndex: number): (field: string) => FieldKey {
  const located = interpretationOf(text, reading, recipeIndex);
  const file = located?.file;
  const network = located && located.file.networks[located.index];
  if (!file || !network) return () => ({ label: null, isSettable: false });
  const { settable } = trainerSupport(file, network);
  return (field) => {
    const source = network.fields[field as ReadField];
    const stated = network.recipe.stated[field as ReadField]?.path;
    const label = stated ?? file.layout.inScript?.[field as Field] ?? (source ? writeKey(source)?.label : undefined);
    const isSettable = stated !== undefined || settable.has(field as Field) || (source !== undefined && !source.fixed);
    return { label: label ?? null, isSettable: isSettable && label !== undefined };
  };
}
