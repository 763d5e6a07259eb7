import { editsInFile, rangeInFile } from '../documents/document';
import { notesOf } from '../findings/findings';
import type { ConfigReading } from '../read';
import type { Finding, Fix, TextEdit } from '../reading';
import { removeEntry } from '../syntax/edit/remove';
import { entryAt } from '../syntax/tree';
import type { Run } from '../understand/run';
import type { NoteFix } from '../understand/notes';
import { impliedAlpha } from './write-down';

/** The edits that mend what a finding is about, best first; those that cannot be made in the file are left out. */
export function fixesOf({ runs }: Pick<ConfigReading, 'runs'>, { run: index, code, range }: Finding): readonly Fix[] {
  const run = index === undefined ? undefined : runs[index];
  if (!run) return [];
  const note = notesOf(run).find(
    (each) =>
      each.code === code && (each.range && rangeInFile(run.document, each.range).start) === (range?.start ?? null),
  );
  return (note?.fixes ?? []).flatMap((fix): Fix[] => {
    const edits = editsThat(run, fix);
    const inFile = edits && edits.length > 0 ? editsInFile(run.document, edits) : null;
    return inFile ? [{ title: fix.title, edits: inFile, ...(fix.preferred ? { preferred: true } : {}) }] : [];
  });
}

function editsThat(run: Run, fix: NoteFix): readonly TextEdit[] | null {
  if ('replace' in fix) return [fix.replace];
  if ('removeEntry' in fix) return removeEntry(run.text, fix.removeEntry);
  if ('alphaOf' in fix) return impliedAlpha(run, fix.alphaOf);
  // A key that is missing is removed already.
  const entries = fix.remove.flatMap(({ path }) => entryAt(run.root, path) ?? []);
  const removed = entries.map((entry) => removeEntry(run.text, entry));
  return removed.every((edits) => edits !== null) ? removed.flat() : null;
}
