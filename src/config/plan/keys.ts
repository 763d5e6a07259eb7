import type { Field } from '../../recipe/plans/plan';
import { interpretationOf } from '../read';
import type { Reading, ReadField } from '../reading';
import { writeKey } from '../trainers/shared/fields';

/**
 * Looks up the key with which a user sets a field of one network of a file; null if the trainer has none.
 * @param text the text `reading` was read from
 */
export function keysOf(text: string, reading: Reading, recipeIndex: number): (field: string) => string | null {
  const located = interpretationOf(text, reading, recipeIndex);
  const file = located?.file;
  const network = located && located.file.networks[located.index];
  if (!file || !network) return () => null;
  return (field) => {
    const source = network.fields[field as ReadField];
    const stated = network.recipe.stated[field as ReadField]?.path;
    return stated ?? file.layout.inScript?.[field as Field] ?? (source && writeKey(source)?.label) ?? null;
  };
}
