import * as l10n from '@vscode/l10n';
import type { Caveat } from '../../recipe/caveats/caveat';
import { alphaFor, RecipeError } from '../../recipe/recipe';
import { editsInFile } from '../documents/document';
import { literalFor, placeOf } from '../plan/place';
import { interpretationOf, interpretText } from '../read';
import type { Fix, Reading, ReadRecipe } from '../reading';
import type { Interpretation } from '../understand/interpretation';
import { applyEdits } from '../write/edits';
import { editsFor, type Writing } from '../write/writing';

/** What a trained adapter says of itself. */
export interface AdapterNumbers {
  rank: number;
  scaling: number;
  /** What the scaling is made from in an `adapter_config.json`. */
  peft?: { alpha: number; useRslora: boolean };
}

/** The numbers of an adapter by its `adapter_config.json`. */
export function adapterNumbers({ rank, scaling, alpha, scalingRule }: ReadRecipe): AdapterNumbers {
  return { rank, scaling, peft: { alpha, useRslora: scalingRule === 'rslora' } };
}

/** The edits that give a file the adapter's rank and scaling: `lora_alpha = 16`. */
export type AdapterFix = Omit<Fix, 'title'> & { assignments: string };

/** Alpha is written with twelve digits: s·B·A changes by less than float32 can hold. */
const DIGITS = 12;

/** Whether two scalings are the same but for the digits that are written. */
export function isSameScaling(one: number, other: number): boolean {
  return Math.abs(one / other - 1) < 1e-9;
}

/**
 * The edits that give the only recipe of a file the rank and scaling of a trained adapter, under the file's own rule for the
 * scaling; or why there are none. The edited text is read again: nothing else may have changed.
 * @param text the text `reading` was read from
 */
export function adapterFix(text: string, reading: Reading, adapter: AdapterNumbers): AdapterFix | { refusal: Caveat } {
  const located = interpretationOf(text, reading, 0);
  const network = located?.file.networks[0];
  if (!located || !network) return refused('changed', l10n.t('The file has changed since it was read; read it again.'));
  const { file } = located;
  const error = file.notes.find(({ severity }) => severity === 'error');
  if (file.lock) return { refusal: file.lock };
  if (error) return refused(error.code, l10n.t`Fix this first: ${error.message}`);
  const wanted = numbersFor(file, network.recipe, adapter);
  if ('refusal' in wanted) return wanted;
  const writings: Writing[] = [];
  for (const [field, value] of Object.entries(wanted) as [keyof typeof wanted, number][]) {
    const place = placeOf(file, network.fields[field]);
    if (!place) return refused('no-key', l10n.t`${file.trainer.name} has no key for ${field}.`);
    writings.push({ place, literal: literalFor(file, place, value, true) });
  }
  const inDocument = editsFor(file, writings);
  if (!Array.isArray(inDocument)) return { refusal: inDocument };
  const edits = editsInFile(file.document, inDocument);
  if (!edits || !fits(text, reading, applyEdits(text, edits), adapter)) {
    return refused(
      'rewrite-fault',
      l10n.t('LoRA Alpha cannot write the rank and scaling of the adapter into this file.'),
    );
  }
  const each = writings.map(({ place, literal }) => `${place.key.label} = ${literal}`);
  return { edits, assignments: each.join(', ') };
}

function refused(code: string, message: string): { refusal: Caveat } {
  return { refusal: { code, message } };
}

/** The numbers to write: those that differ, and an alpha that would follow the rank. */
function numbersFor(
  { layout, trainer }: Interpretation,
  recipe: ReadRecipe,
  { rank, scaling }: AdapterNumbers,
): { rank?: number; alpha?: number } | { refusal: Caveat } {
  if (recipe.alphaIsIgnored !== undefined) return refused('alpha-ignored', recipe.alphaIsIgnored);
  try {
    const alpha = Number(alphaFor(recipe.scalingRule, scaling, rank, recipe.multiplier).toPrecision(DIGITS));
    if (layout.wholeAlpha && !Number.isInteger(alpha)) {
      return refused(
        'alpha-not-whole',
        l10n.t`The adapter needs alpha ${alpha}; ${trainer.name} takes whole alphas only.`,
      );
    }
    const isOtherRank = rank !== recipe.rank;
    const isWritten = alpha !== recipe.alpha || (isOtherRank && recipe.stated.alpha === undefined);
    return { ...(isOtherRank ? { rank } : {}), ...(isWritten ? { alpha } : {}) };
  } catch (error) {
    if (error instanceof RecipeError) return refused('scaling', error.message);
    throw error;
  }
}

/** Whether the edited text has the adapter's rank and scaling, and is the old recipe in all else. */
function fits(text: string, { syntax, recipes }: Reading, edited: string, { rank, scaling }: AdapterNumbers): boolean {
  if (!syntax || edited === text) return false;
  const [after, ...others] = interpretText(edited, syntax).flatMap(({ networks }) => networks);
  const [before] = recipes;
  if (!after || !before || others.length > 0) return false;
  const rest = (recipe: ReadRecipe): string =>
    JSON.stringify({ ...recipe, rank: 0, alpha: 0, scaling: 0, stated: {}, assumed: {} });
  const { recipe } = after;
  return recipe.rank === rank && isSameScaling(recipe.scaling, scaling) && rest(recipe) === rest(before);
}
