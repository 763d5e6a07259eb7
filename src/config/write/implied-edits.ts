import * as l10n from '@vscode/l10n';
import type { Caveat } from '../../recipe/caveats/caveat';
import type { Interpretation, Network } from '../understand/interpretation';
import { literalFor, placeOf } from '../plan/place';
import type { TextEdit } from '../reading';
import { editsFor, type Writing } from './writing';

/** Defaults that can be written into the file. */
export const IMPLIED_FIELDS = ['alpha', 'rank', 'learningRate', 'weightDecay', 'eps', 'maxGradNorm'] as const;

export type ImpliedField = (typeof IMPLIED_FIELDS)[number];

/** The document's edits that write defaults down, or the refusal; see `writeDown`. */
export function impliedEdits(
  file: Interpretation,
  index: number,
  ...fields: readonly ImpliedField[]
): TextEdit[] | Caveat {
  const writings: Writing[] = [];
  for (const field of fields) {
    const writing = impliedWriting(file, index, field);
    if ('code' in writing) return writing;
    writings.push(writing);
  }
  return editsFor(file, writings);
}

/** The place and notation of a default to write, or the refusal. */
export function impliedWriting(file: Interpretation, index: number, field: ImpliedField): Writing | Caveat {
  const network = file.networks[index];
  const value = network && impliedValue(network, field);
  if (!network || value === null || value === undefined || network.recipe.assumed[field] === undefined) {
    return { code: 'not-implied', message: l10n.t`${field} is not a default of the trainer.` };
  }
  if (file.lock) return file.lock;
  const place = placeOf(file, network.fields[field]);
  if (!place) return { code: 'no-key', message: l10n.t`${file.trainer.name} has no key for ${field}.` };
  return { place, literal: literalFor(file, place, value, field === 'alpha' || field === 'rank') };
}

export function impliedValue({ recipe }: Pick<Network, 'recipe'>, field: ImpliedField): number | null {
  return field === 'weightDecay' || field === 'eps' ? recipe.optimizer[field] : recipe[field];
}
