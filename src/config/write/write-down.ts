import * as l10n from '@vscode/l10n';
import { editsInFile } from '../documents/document';
import { applyEdits } from './edits';
import { IMPLIED_FIELDS, impliedEdits, impliedValue, impliedWriting, type ImpliedField } from './implied-edits';
import { interpretationOf, interpretText } from '../read';
import type { Reading } from '../reading';
import type { Rewriting } from '../rewrite';

/** A default, and how it would be written. */
export interface Implied {
  field: ImpliedField;
  /** The trainer's key. */
  key: string;
  literal: string;
}

/**
 * The defaults of a recipe that its file could set.
 * @param text the text `reading` was read from
 */
export function impliedNumbers(text: string, reading: Reading, recipeIndex: number): Implied[] {
  const located = interpretationOf(text, reading, recipeIndex);
  if (!located) return [];
  return IMPLIED_FIELDS.flatMap((field) => {
    const writing = impliedWriting(located.file, located.index, field);
    return 'code' in writing ? [] : [{ field, key: writing.place.key.label, literal: writing.literal }];
  });
}

/**
 * The edits that write defaults down, which leaves the run as it is. The edited
 * text is read again and must give the same recipe.
 * @param text the text `reading` was read from
 */
export function writeDown(
  text: string,
  reading: Reading,
  recipeIndex: number,
  ...fields: readonly ImpliedField[]
): Rewriting {
  const located = interpretationOf(text, reading, recipeIndex);
  if (!located || !reading.syntax) return refused('nothing-to-write', l10n.t('This file has no LoRA config.'));
  const inDocument = impliedEdits(located.file, located.index, ...fields);
  if (!Array.isArray(inDocument)) return { refusal: inDocument };
  const edits = editsInFile(located.file.document, inDocument);
  if (!edits) return refused('no-place', l10n.t('The value would be split into several pieces.'));
  const was = located.file.networks[located.index]?.recipe;
  const after = interpretText(applyEdits(text, edits), reading.syntax).flatMap(({ networks }) => networks);
  const is = after[recipeIndex]?.recipe;
  const odd = fields.find(
    (field) =>
      !was || !is?.stated[field] || impliedValue({ recipe: is }, field) !== impliedValue({ recipe: was }, field),
  );
  return odd === undefined
    ? { edits }
    : refused('rewrite-fault', l10n.t`${odd} would read differently afterwards; nothing was changed.`);
}

function refused(code: string, message: string): Rewriting {
  return { refusal: { code, message } };
}
