import * as l10n from '@vscode/l10n';
import type { Caveat } from '../recipe/caveats/caveat';
import { editsInFile } from './documents/document';
import { literalFor, placeAt, placeOf } from './plan/place';
import { interpretationOf, interpretText } from './read';
import type { Reading, ReadRecipe } from './reading';
import { blockOf } from './rewrite';
import { literalBehind } from './syntax/tree';
import { applyEdits } from './write/edits';
import { editsFor } from './write/writing';

/**
 * A config at another rank: only the number of the rank is replaced, and alpha is what the config then says. An alpha
 * written as a number stays, `lora_alpha=2 * RANK` follows. Another rank is a different run, so its plans have it as
 * their baseline.
 * @param text the text `reading` was read from
 * @returns the new text, or why the rank cannot be written
 */
export function atRank(text: string, reading: Reading, index: number, rank: number): { text: string } | Caveat {
  const located = interpretationOf(text, reading, index);
  const network = located?.file.networks[located.index];
  if (!located || !network || !reading.syntax) return refused(l10n.t('This file has no LoRA config.'));
  if (network.recipe.rank === rank) return { text };
  const { file } = located;
  const blocked = blockOf(file, []);
  if (blocked) return blocked;
  const used = placeOf(file, network.fields.rank);
  if (!used) return refused(l10n.t`${file.trainer.name} has no key for ${'rank'}.`);
  // Behind a name, even if alpha uses the name too: that is the rule of the config.
  const place = used.node?.origin?.node ? placeAt(used.key, literalBehind(used.node)) : used;
  const inDocument = editsFor(file, [{ place, literal: literalFor(file, place, rank, true) }]);
  if (!Array.isArray(inDocument)) return inDocument;
  const edits = editsInFile(file.document, inDocument);
  if (!edits) return refused(l10n.t('The value would be split into several pieces.'));
  const after = applyEdits(text, edits);
  const recipes = interpretText(after, reading.syntax).flatMap(({ networks }) => networks.map(({ recipe }) => recipe));
  const isRight =
    recipes.length === reading.recipes.length &&
    recipes.every((recipe, i) => withoutRank(recipe, i === index) === withoutRank(reading.recipes[i], i === index)) &&
    recipes[index]?.rank === rank;
  return isRight ? { text: after } : refused(l10n.t`At rank ${rank} another number of the file would change as well.`);
}

/** What a new rank may change. */
const OWN: ReadonlySet<string> = new Set(['rank', 'alpha', 'scaling']);

/** A recipe as text, for comparisons; without what its new rank may change if it is `own`. */
function withoutRank(recipe: ReadRecipe | undefined, own: boolean): string {
  const isLeftOut = (key: string): boolean => key === 'stated' || key === 'assumed' || (own && OWN.has(key));
  return JSON.stringify(recipe ?? null, (key, value: unknown) => (isLeftOut(key) ? undefined : value));
}

function refused(message: string): Caveat {
  return { code: 'rank-not-written', message };
}
