import * as l10n from '@vscode/l10n';
import type { Caveat } from '../../recipe/caveats/caveat';
import { literalFor, placeOf } from '../plan/place';
import { interpretationOf, type ConfigReading } from '../read';
import type { TextEdit } from '../reading';
import type { Rewriting } from '../rewrite';
import type { Interpretation, Network } from '../understand/interpretation';
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
  const located = interpretationOf(text, reading, recipeIndex);
  if (!located) return [];
  return IMPLIED_FIELDS.flatMap((field) => {
    const writing = writingOf(located.file, located.network, field);
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
  const located = interpretationOf(text, reading, recipeIndex);
  if (!located || !reading.syntax) return refused('nothing-to-write', l10n.t('This file has no LoRA config.'));
  const { file, network } = located;
  const writings = writingsOf(file, network, fields);
  if (!Array.isArray(writings)) return { refusal: writings };
  const after = edited(text, reading.syntax, file, writings);
  if ('refusal' in after) return after;
  const is = recipesIn(after.runs)[recipeIndex];
  const odd = fields.find((field) => !is?.stated[field] || valueOf({ recipe: is }, field) !== valueOf(network, field));
  return odd === undefined
    ? { edits: after.edits }
    : refused('rewrite-fault', l10n.t`${odd} would read differently afterwards; nothing was changed.`);
}

/** The document's edits that write a default down, or the refusal. */
export function impliedEdits(file: Interpretation, index: number, field: ImpliedField): TextEdit[] | Caveat {
  const writings = writingsOf(file, file.networks[index], [field]);
  return Array.isArray(writings) ? editsFor(file, writings) : writings;
}

function writingsOf(
  file: Interpretation,
  network: Network | undefined,
  fields: readonly ImpliedField[],
): Writing[] | Caveat {
  const writings: Writing[] = [];
  for (const field of fields) {
    const writing = writingOf(file, network, field);
    if ('code' in writing) return writing;
    writings.push(writing);
  }
  return writings;
}

/** The place and notation of a default to write, or the refusal. */
function writingOf(file: Interpretation, network: Network | undefined, field: ImpliedField): Writing | Caveat {
  const value = network ? valueOf(network, field) : null;
  if (!network || value === null || network.recipe.assumed[field] === undefined) {
    return { code: 'not-implied', message: l10n.t`${field} is not a default of the trainer.` };
  }
  if (file.lock) return file.lock;
  const place = placeOf(file, network.fields[field]);
  if (!place) return { code: 'no-key', message: l10n.t`${file.trainer.name} has no key for ${field}.` };
  return { place, literal: literalFor(file, place, value, field === 'alpha' || field === 'rank') };
}

function valueOf({ recipe }: Pick<Network, 'recipe'>, field: ImpliedField): number | null {
  return field === 'weightDecay' || field === 'eps' ? recipe.optimizer[field] : recipe[field];
}
