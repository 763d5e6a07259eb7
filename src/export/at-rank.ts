import * as l10n from '@vscode/l10n';
import { literalFor, placeAt, placeOf } from '../config/plan/place';
import { runOfRecipe, type ConfigReading } from '../config/read';
import type { ReadRecipe } from '../config/reading';
import { blockOf } from '../config/rewrite';
import { literalBehind } from '../config/syntax/tree';
import { edited, isSameRecipe, recipesIn } from '../config/write/edited';
import type { Caveat } from '../recipe/caveats/caveat';

/**
 * A config at another rank: only the number of the rank is replaced, and alpha is what the config then says. An alpha
 * written as a number stays, `lora_alpha=2 * RANK` follows. Another rank is a different run, so its plans have it as
 * their baseline.
 * @param text the text `reading` was read from
 * @returns the new text, or why the rank cannot be written
 */
export function atRank(text: string, reading: ConfigReading, index: number, rank: number): { text: string } | Caveat {
  const located = runOfRecipe(text, reading, index);
  if (!located || !reading.syntax) return unranked(l10n.t('This file has no LoRA config.'));
  const { run, adapter } = located;
  if (adapter.recipe.rank === rank) return { text };
  const blocked = blockOf(run, []);
  if (blocked) return blocked;
  const used = placeOf(run, adapter.fields.rank);
  if (!used) return unranked(l10n.t`${run.trainer.name} has no key for ${'rank'}.`);
  // Behind a name, even if alpha uses the name too: that is the rule of the config.
  const place = used.node?.origin?.node ? placeAt(used.key, literalBehind(used.node)) : used;
  const after = edited(text, run, [{ place, literal: literalFor(run, place, rank, true) }]);
  if ('refusal' in after) return after.refusal;
  const { text: next, runs } = after;
  const recipes = recipesIn(runs);
  const free = (i: number): (keyof ReadRecipe)[] => (i === index ? ['rank', 'alpha', 'scaling'] : []);
  const isRight =
    recipes.length === reading.recipes.length &&
    recipes.every((recipe, i) => isSameRecipe(recipe, reading.recipes[i], ...free(i))) &&
    recipes[index]?.rank === rank;
  return isRight ? { text: next } : unranked(l10n.t`At rank ${rank} another number of the file would change as well.`);
}

const unranked = (message: string): Caveat => ({ code: 'rank-not-written', message });
