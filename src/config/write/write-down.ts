import * as l10n from '@vscode/l10n';
import type { Caveat } from '../../recipe/caveats/caveat';
import { literalFor, placeOf } from '../plan/place';
import { runOfRecipe, type ConfigReading } from '../read';
import type { TextEdit } from '../reading';
import type { Rewriting } from '../rewrite';
import type { Run, Adapter } from '../understand/run';
import { edited, recipesIn, refused } from './edited';
import { editsFor, type Writing } from './writing';

/** Defaults that can be written into the file. */
const IMPLIED_FIELDS = ['alpha', 'rank', 'learningRate', 'weightDecay', 'eps', 'maxGradNorm'] as const;

export type ImpliedField = (typeof IMPLIED_FIELDS)[number];

/** A default, and how it would be written. */
interface Implied {
  field: ImpliedField;
  /** The trainer's key. */
  key: string;
  literal: string;
}

/**
 * The defaults of a recipe that its file could set.
 * @param text the text `reading` was read from
 */
export function impliedNumbers(text: string, reading: ConfigReading, recipeIndex: number): Implied[] {
  const located = runOfRecipe(text, reading, recipeIndex);
  if (!located) return [];
  return IMPLIED_FIELDS.flatMap((field) => {
    const writing = writingOf(located.run, located.adapter, field);
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
  reading: ConfigReading,
  recipeIndex: number,
  ...fields: readonly ImpliedField[]
): Rewriting {
  const located = runOfRecipe(text, reading, recipeIndex);
  if (!located || !reading.syntax) return refused('nothing-to-write', l10n.t('This file has no LoRA config.'));
  const { run, adapter } = located;
  const writings = writingsOf(run, adapter, fields);
  if (!Array.isArray(writings)) return { refusal: writings };
  const after = edited(text, reading.syntax, run, writings);
  if ('refusal' in after) return after;
  const is = recipesIn(after.runs)[recipeIndex];
  const odd = fields.find((field) => !is?.stated[field] || valueOf({ recipe: is }, field) !== valueOf(adapter, field));
  return odd === undefined
    ? { edits: after.edits }
    : refused('rewrite-fault', l10n.t`${odd} would read differently afterwards; nothing was changed.`);
}

/** The document's edits that write a default down, or the refusal. */
export function impliedEdits(run: Run, index: number, field: ImpliedField): TextEdit[] | Caveat {
  const writings = writingsOf(run, run.adapters[index], [field]);
  return Array.isArray(writings) ? editsFor(run, writings) : writings;
}

function writingsOf(run: Run, adapter: Adapter | undefined, fields: readonly ImpliedField[]): Writing[] | Caveat {
  const writings: Writing[] = [];
  for (const field of fields) {
    const writing = writingOf(run, adapter, field);
    if ('code' in writing) return writing;
    writings.push(writing);
  }
  return writings;
}

/** The place and notation of a default to write, or the refusal. */
function writingOf(run: Run, adapter: Adapter | undefined, field: ImpliedField): Writing | Caveat {
  const value = adapter ? valueOf(adapter, field) : null;
  if (!adapter || value === null || adapter.recipe.assumed[field] === undefined) {
    return { code: 'not-implied', message: l10n.t`${field} is not a default of the trainer.` };
  }
  if (run.lock) return run.lock;
  const place = placeOf(run, adapter.fields[field]);
  if (!place) return { code: 'no-key', message: l10n.t`${run.trainer.name} has no key for ${field}.` };
  return { place, literal: literalFor(run, place, value, field === 'alpha' || field === 'rank') };
}

function valueOf({ recipe }: Pick<Adapter, 'recipe'>, field: ImpliedField): number | null {
  return field === 'weightDecay' || field === 'eps' ? recipe.optimizer[field] : recipe[field];
}
