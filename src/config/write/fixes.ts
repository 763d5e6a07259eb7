import { editsInFile, rangeInFile } from '../documents/document';
import { notesOf } from '../findings/findings';
import type { ConfigReading } from '../read';
import type { Finding, Fix, TextEdit } from '../reading';
import { removeEntry } from '../syntax/edit/remove';
import { entryAt } from '../syntax/tree';
import type { Key } from '../trainers/shared/fields';
import type { TrapFix } from '../trainers/shared/trap';
import type { Run } from '../understand/run';
import type { Note, NoteFix } from '../understand/notes';
import { impliedEdits } from './write-down';

/** The edits that mend what a finding is about, best first; those that cannot be made in the file are left out. */
export function fixesOf({ runs }: Pick<ConfigReading, 'runs'>, { run: index, code, range }: Finding): readonly Fix[] {
  const run = index === undefined ? undefined : runs[index];
  if (!run || run.lock) return [];
  const startOf = (note: Note): number | undefined =>
    note.range ? rangeInFile(run.document, note.range).start : undefined;
  const note = notesOf(run).find((each) => each.code === code && startOf(each) === range?.start);
  return (note?.fixes ?? []).flatMap((fix): Fix[] => {
    const edits = editsThat(run, fix);
    const inFile = edits && edits.length > 0 ? editsInFile(run.document, edits) : null;
    return inFile ? [{ title: fix.title, edits: inFile, ...(fix.preferred ? { preferred: true } : {}) }] : [];
  });
}

function editsThat(run: Run, fix: NoteFix): readonly TextEdit[] | null {
  if ('replace' in fix) return [fix.replace];
  if ('removeEntry' in fix) return removeEntry(run.text, fix.removeEntry);
  if (!('alphaOf' in fix)) return editsOf(run, fix);
  const edits = impliedEdits(run, fix.alphaOf, 'alpha');
  return Array.isArray(edits) ? edits : null;
}

function editsOf(run: Run, { remove }: TrapFix): TextEdit[] | null {
  const removed = remove.map((key) => removal(run, key));
  return removed.every((edits) => edits !== null) ? removed.flat() : null;
}

/** The edits that remove a key; empty if it is missing, null if it cannot be removed. */
function removal({ text, root }: Run, { path }: Key): TextEdit[] | null {
  const entry = entryAt(root, path);
  return entry ? removeEntry(text, entry) : [];
}
