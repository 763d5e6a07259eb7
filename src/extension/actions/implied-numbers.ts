import * as l10n from '@vscode/l10n';
import { runOfRecipe, type ConfigReading } from '../../config/read';
import type { TextEdit } from '../../config/reading';
import { edited, isSameRecipe, recipesIn, refused, type Refused } from '../../config/write/edited';
import { IMPLIED_FIELDS, writingOf, type ImpliedField } from './fixes';
import type { Writing } from '../../config/write/writing';

/**
 * The defaults of a recipe that its file could set, with the trainer's keys and how they would be written.
 * @param text the text `reading` was read from
 */
export function impliedNumbers(
  text: string,
  reading: ConfigReading,
  recipeIndex: number,
): { field: ImpliedField; key: string; literal: string }[] {
  const located = runOfRecipe(text, reading, recipeIndex);
  return IMPLIED_FIELDS.flatMap((field) => {
    const writing = located && writingOf(located.run, located.adapter, field);
    return writing && 'place' in writing ? [{ field, key: writing.place.key.label, literal: writing.literal }] : [];
  });
}

/**
 * The edits that write defaults down, which leaves the run as it is. The edited
 * text is read again and must give the same recipes.
 * @param text the text `reading` was read from
 */
export function writeDown(
  text: string,
  reading: ConfigReading,
  recipeIndex: number,
  ...fields: readonly ImpliedField[]
): { edits: TextEdit[] } | Refused {
  const located = runOfRecipe(text, reading, recipeIndex);
  if (!located || !reading.syntax) return refused('nothing-to-write', l10n.t('This file has no LoRA config.'));
  const { run, adapter } = located;
  const writings: Writing[] = [];
  for (const field of fields) {
    const writing = writingOf(run, adapter, field);
    if ('refusal' in writing) return writing;
    writings.push(writing);
  }
  const after = edited(text, run, writings);
  if ('refusal' in after) return after;
  const is = recipesIn(after.runs)[recipeIndex];
  const isSame = isSameRecipe(is, adapter.recipe) && fields.every((field) => is?.stated[field]);
  return isSame
    ? { edits: after.edits }
    : refused('rewrite-fault', l10n.t('The file would read differently afterwards; nothing was changed.'));
}
