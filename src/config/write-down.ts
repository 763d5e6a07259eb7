import { editsInFile } from './documents/document';
import { applyEdits } from './edits';
import { impliedEdits, impliedValue, type ImpliedField } from './implied-edits';
import { interpretationOf, interpretText } from './read';
import type { Reading } from './reading';
import type { Rewriting } from './rewrite';

/**
 * The edits that write a value down that nobody wrote, as its trainer takes it: the run stays what it is. The edited
 * text is read again before it is handed out.
 * @param text the text `reading` was read from
 */
export function writeDown(text: string, reading: Reading, recipeIndex: number, field: ImpliedField): Rewriting {
  const located = interpretationOf(text, reading, recipeIndex);
  if (!located || !reading.syntax) return refused('nothing-to-write', 'This file holds no LoRA config.');
  const inDocument = impliedEdits(located.file, located.index, field);
  if (!Array.isArray(inDocument)) return { refusal: inDocument };
  const edits = editsInFile(located.file.document, inDocument);
  if (!edits) return refused('no-place', 'The value would stand in several pieces.');
  const was = located.file.networks[located.index]?.recipe;
  const after = interpretText(applyEdits(text, edits), reading.syntax).flatMap(({ networks }) => networks);
  const is = after[recipeIndex]?.recipe;
  const isSame =
    was && is && is.stated[field] && impliedValue({ recipe: is }, field) === impliedValue({ recipe: was }, field);
  return isSame ? { edits } : refused('rewrite-fault', `${field} would not read as before; nothing was changed.`);
}

function refused(code: string, message: string): Rewriting {
  return { refusal: { code, message } };
}
