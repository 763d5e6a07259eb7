import * as l10n from '@vscode/l10n';
import { editsInFile, rangeInFile } from '../../config/documents/document';
import { notesOf } from '../../config/findings/findings';
import type { ConfigReading } from '../../config/read';
import type { Finding, Fix, TextEdit } from '../../config/reading';
import { removeEntry } from './remove-entry';
import { entryAt } from '../../config/syntax/tree';
import type { Run, Adapter } from '../../config/understand/run';
import type { NoteFix } from '../../config/understand/notes';
import { literalFor, placeOf } from '../../config/plan/place';
import { refused, type Refused } from '../../config/write/edited';
import { editsFor, type Writing } from '../../config/write/writing';

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
  if ('alphaOf' in fix) return impliedAlpha(run, fix.alphaOf);
  // A key that is missing is removed already.
  const entries = fix.remove.flatMap(({ path }) => entryAt(run.root, path) ?? []);
  const removed = entries.map((entry) => removeEntry(run.document.text, entry));
  return removed.every((edits) => edits !== null) ? removed.flat() : null;
}

/** The numbers whose defaults a file may write down. */
export const IMPLIED_FIELDS = ['alpha', 'rank', 'learningRate', 'weightDecay', 'eps', 'maxGradNorm'] as const;

export type ImpliedField = (typeof IMPLIED_FIELDS)[number];

/** The document's edits that write the alpha of an adapter down; null if they cannot be made. */
function impliedAlpha(run: Run, index: number): TextEdit[] | null {
  const adapter = run.adapters[index];
  const writing = adapter && writingOf(run, adapter, 'alpha');
  const edits = writing && 'place' in writing ? editsFor(run, [writing]) : null;
  return Array.isArray(edits) ? edits : null;
}

/** A default of a recipe in its place, or why it has none. */
export function writingOf(run: Run, adapter: Adapter, field: ImpliedField): Writing | Refused {
  const { recipe } = adapter;
  const value = field === 'weightDecay' || field === 'eps' ? recipe.optimizer[field] : recipe[field];
  if (value === null || recipe.assumed[field] === undefined) {
    return refused('not-implied', l10n.t`${field} is not a default of the trainer.`);
  }
  const place = placeOf(run, adapter.fields[field]);
  if (!place) return refused('no-key', l10n.t`${run.trainer.name} has no key for ${field}.`);
  return { place, literal: literalFor(run, place, value, field === 'alpha') };
}
