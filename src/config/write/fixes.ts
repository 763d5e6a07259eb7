import * as l10n from '@vscode/l10n';
import { editsInFile, rangeInFile } from '../documents/document';
import { notesOf } from '../findings/findings';
import { runOfRecipe, type ConfigReading } from '../read';
import type { Finding, Fix, TextEdit } from '../reading';
import { removeEntry } from '../syntax/edit/remove';
import { entryAt } from '../syntax/tree';
import type { Run, Adapter } from '../understand/run';
import type { NoteFix } from '../understand/notes';
import { edited, isSameRecipe, recipesIn, refused, writingFor, type Refused } from './edited';
import { editsFor, type Writing } from './writing';

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

const IMPLIED_FIELDS = ['alpha', 'rank', 'learningRate', 'weightDecay', 'eps', 'maxGradNorm'] as const;

export type ImpliedField = (typeof IMPLIED_FIELDS)[number];

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
  const after = edited(text, reading.syntax, run, writings);
  if ('refusal' in after) return after;
  const is = recipesIn(after.runs)[recipeIndex];
  const isSame = isSameRecipe(is, adapter.recipe) && fields.every((field) => is?.stated[field]);
  return isSame
    ? { edits: after.edits }
    : refused('rewrite-fault', l10n.t('The file would read differently afterwards; nothing was changed.'));
}

/** The document's edits that write the alpha of an adapter down; null if they cannot be made. */
export function impliedAlpha(run: Run, index: number): TextEdit[] | null {
  const adapter = run.adapters[index];
  const writing = adapter && writingOf(run, adapter, 'alpha');
  const edits = writing && 'place' in writing ? editsFor(run, [writing]) : null;
  return Array.isArray(edits) ? edits : null;
}

function writingOf(run: Run, adapter: Adapter, field: ImpliedField): Writing | Refused {
  const { recipe } = adapter;
  const value = field === 'weightDecay' || field === 'eps' ? recipe.optimizer[field] : recipe[field];
  if (value === null || recipe.assumed[field] === undefined) {
    return refused('not-implied', l10n.t`${field} is not a default of the trainer.`);
  }
  return writingFor(run, adapter, field, value);
}
