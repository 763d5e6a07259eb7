import { editsInFile } from '../config/documents/document';
import { placeOf } from '../config/plan/place';
import { interpretText, runOfRecipe, runsOf, type ConfigReading } from '../config/read';
import type { TextEdit } from '../config/reading';
import { lineEnd, lineEndingAt, lineStart } from '../config/syntax/lines';
import { entryAt, type Entry } from '../config/syntax/tree';
import type { CodeName } from '../config/trainers/trainer';
import { namedIn } from '../config/understand/own-code';
import type { Run } from '../config/understand/run';
import { isSameRun } from '../config/write/edited';
import { applyEdits } from '../config/write/edits';
import { editsFor } from '../config/write/writing';

/**
 * The edits that name the class of the init code in the config, so that the trainer loads it. The edited text is read
 * again before it is handed out.
 * @returns no edits where the config names it already; null where they cannot be made
 */
export function nameCode(text: string, reading: ConfigReading, recipeIndex: number): TextEdit[] | null {
  const run = runOfRecipe(text, reading, recipeIndex)?.run;
  const name = run?.layout.codeName;
  if (!run || !name || reading.syntax !== 'yaml') return null;
  if (namedIn(run.root, name)) return [];
  const inDocument = editsThat(run, name);
  const edits = inDocument && editsInFile(run.document, inDocument);
  if (!edits) return null;
  const before = runsOf(text, reading);
  const after = interpretText(applyEdits(text, edits), reading.syntax);
  const now = after[before.indexOf(run)];
  return now && before.every((one, i) => isSameRun(one, after[i])) && namedIn(now.root, name) ? edits : null;
}

function editsThat(run: Run, { key, item }: CodeName): readonly TextEdit[] | null {
  const entry = entryAt(run.root, key.path);
  if (entry?.value.kind === 'list') {
    const edit = appendItem(run.document.text, entry, item);
    return edit && [edit];
  }
  if (entry && !(entry.value.kind === 'scalar' && entry.value.value === null)) return null;
  const place = placeOf(run, { keys: [key] });
  const edits = place && editsFor(run, [{ place, literal: `[${item}]` }]);
  return Array.isArray(edits) ? edits : null;
}

/**
 * The edit that appends an item to a YAML list, in the list's own notation.
 * @param item plain text, which needs no quotes
 * @returns null where the list stands elsewhere (an alias), or its last item is written in another way
 */
function appendItem(text: string, { keyRange, value }: Entry, item: string): TextEdit | null {
  if (value.kind !== 'list') return null;
  const { items, range } = value;
  // Only blanks and comments stand between the key and a list of its own: no anchor, tag or alias.
  if (!/^\s*:(?:\s|#[^\n]*\n)*$/.test(text.slice(keyRange.end, range.start))) return null;
  const isFlow = text[range.start] === '[';
  const last = items.at(-1);
  if (!last) return isFlow ? { range, text: `[${item}]` } : null;
  if (last.kind !== 'scalar') return null;
  const insertion = (at: number, added: string): TextEdit => ({ range: { start: at, end: at }, text: added });
  if (isFlow) return insertion(last.range.end, `, ${item}`);
  const { start, end } = last.range;
  const [dash] = /^\s*-\s+$/.exec(text.slice(lineStart(text, start), start)) ?? [];
  if (dash === undefined) return null;
  return insertion(lineEnd(text, end), `${lineEndingAt(text, start)}${dash}${item}`);
}
