import { editsInFile, rangeInFile } from '../documents/document';
import { notesOf } from '../findings/findings';
import type { ConfigReading } from '../read';
import type { Finding, Fix, TextEdit } from '../reading';
import { removeEntry } from '../syntax/edit/remove';
import { entryAt } from '../syntax/tree';
import type { Key } from '../trainers/shared/fields';
import type { TrapFix } from '../trainers/shared/trap';
import type { Interpretation } from '../understand/interpretation';
import type { Note, NoteFix } from '../understand/notes';
import { impliedEdits } from './write-down';

/** The edits that mend what a finding is about, best first; those that cannot be made in the file are left out. */
export function fixesOf({ runs }: Pick<ConfigReading, 'runs'>, { run, code, range }: Finding): readonly Fix[] {
  const file = run === undefined ? undefined : runs[run];
  if (!file || file.lock) return [];
  const startOf = (note: Note): number | undefined =>
    note.range ? rangeInFile(file.document, note.range).start : undefined;
  const note = notesOf(file).find((each) => each.code === code && startOf(each) === range?.start);
  return (note?.fixes ?? []).flatMap((fix): Fix[] => {
    const edits = editsThat(file, fix);
    const inFile = edits && edits.length > 0 ? editsInFile(file.document, edits) : null;
    return inFile ? [{ title: fix.title, edits: inFile, ...(fix.preferred ? { preferred: true } : {}) }] : [];
  });
}

function editsThat(file: Interpretation, fix: NoteFix): readonly TextEdit[] | null {
  if ('replace' in fix) return [fix.replace];
  if ('removeEntry' in fix) return removeEntry(file.text, fix.removeEntry);
  if (!('alphaOf' in fix)) return editsOf(file, fix);
  const edits = impliedEdits(file, fix.alphaOf, 'alpha');
  return Array.isArray(edits) ? edits : null;
}

function editsOf(file: Interpretation, { remove }: TrapFix): TextEdit[] | null {
  const removed = remove.map((key) => removal(file, key));
  return removed.every((edits) => edits !== null) ? removed.flat() : null;
}

/** The edits that remove a key; empty if it is missing, null if it cannot be removed. */
function removal({ text, root }: Interpretation, { path }: Key): TextEdit[] | null {
  const entry = entryAt(root, path);
  return entry ? removeEntry(text, entry) : [];
}
