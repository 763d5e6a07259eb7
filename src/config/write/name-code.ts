import { editsInFile } from '../documents/document';
import { placeOf } from '../plan/place';
import { interpretationOf, interpretText, runsOf, type ConfigReading } from '../read';
import type { TextEdit } from '../reading';
import { appendItem } from '../syntax/edit/insert';
import { entryAt } from '../syntax/tree';
import type { CodeName } from '../trainers/trainer';
import type { Interpretation } from '../understand/interpretation';
import { areSameRuns } from './edited';
import { applyEdits } from './edits';
import { editsFor } from './writing';

/**
 * The edits that name the class of the init code in the config, so that the trainer loads it. The edited text is read
 * again before it is handed out.
 * @returns no edits where the config names it already; null where they cannot be made
 */
export function nameCode(text: string, reading: ConfigReading, recipeIndex: number): TextEdit[] | null {
  const file = interpretationOf(text, reading, recipeIndex)?.file;
  const name = file?.layout.codeName;
  if (!file || !name || file.lock || reading.syntax !== 'yaml') return null;
  if (isNamed(file, name)) return [];
  const inDocument = editsThat(file, name);
  const edits = inDocument && editsInFile(file.document, inDocument);
  if (!edits) return null;
  const before = runsOf(text, reading);
  const after = interpretText(applyEdits(text, edits), reading.syntax);
  const now = after[before.indexOf(file)];
  return now && areSameRuns(before, after) && isNamed(now, name) ? edits : null;
}

function editsThat(file: Interpretation, { key, item }: CodeName): readonly TextEdit[] | null {
  const entry = entryAt(file.root, key.path);
  if (entry?.value.kind === 'list') {
    const edit = appendItem(file.text, entry, item);
    return edit && [edit];
  }
  if (entry && !(entry.value.kind === 'scalar' && entry.value.value === null)) return null;
  const place = placeOf(file, { keys: [key] });
  const edits = place && editsFor(file, [{ place, literal: `[${item}]` }]);
  return Array.isArray(edits) ? edits : null;
}

function isNamed({ root }: Interpretation, { key, item }: CodeName): boolean {
  const value = entryAt(root, key.path)?.value;
  return value?.kind === 'list' && value.items.some((one) => one.kind === 'scalar' && one.value === item);
}
