import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import { alphaFor, RecipeError } from '../../recipe/recipe';
import { visible } from '../../recipe/visible';
import { runOfRecipe, type ConfigReading } from '../read';
import type { Finding, Fix, GoesOn, ReadRecipe } from '../reading';
import { ADAPTER_CONFIG } from '../trainers/peft/trained-adapter';
import type { Run } from '../understand/run';
import { edited, errorIn, isSameRecipe, recipesIn, refused, writingFor, type Refused } from '../write/edited';
import type { Writing } from '../write/writing';

/** What a trained adapter says of itself. */
export interface AdapterNumbers {
  rank: number;
  scaling: number;
  alpha: number;
  useRslora: boolean;
}

/** The numbers of an adapter by its `adapter_config.json`. */
export function adapterNumbers({ rank, scaling, alpha, scalingRule }: ReadRecipe): AdapterNumbers {
  return { rank, scaling, alpha, useRslora: scalingRule === 'rslora' };
}

/**
 * Where a trained adapter says its numbers, seen from the folder that its path starts in: in the config beside its
 * weights. An adapter_config.json belongs to adapter_model.safetensors (PEFT) or adapters.npz (mlx-lm), not to any
 * weights beside it.
 */
export function adapterConfigAt({ from }: GoesOn): string | null {
  const [first = '', ...further] = from.split(/[\\/]/);
  const parts = [first, ...further.filter((part) => part !== '')];
  if (!/\.(safetensors|bin|pt|npz)$/.test(from)) return [...parts, ADAPTER_CONFIG].join('/');
  return /adapter/.test(parts.at(-1) ?? '') ? [...parts.slice(0, -1), ADAPTER_CONFIG].join('/') : null;
}

/**
 * What is wrong with going on from a trained adapter: its scaling or rank is not that of the file. The fix gives the file the
 * adapter's rank and scaling; without one the message says why.
 * @param text the text `reading` was read from
 * @param finding one of the reading, about a run that goes on
 * @param adapter what the adapter says of itself
 * @returns null if nothing is wrong, or if the file has several recipes
 */
export function adapterDiffers(
  text: string,
  reading: ConfigReading,
  finding: Finding,
  adapter: AdapterNumbers,
): { finding: Finding; fixes: readonly Fix[] } | null {
  const [recipe] = reading.recipes;
  const { goesOn } = finding;
  if (!goesOn || !recipe || reading.recipes.length > 1) return null;
  if (recipe.rank === adapter.rank && isSameScaling(recipe.scaling, adapter.scaling)) return null;
  const fix = adapterFix(text, reading, adapter);
  const message = difference(recipe, adapter, goesOn, 'refusal' in fix ? fix.refusal.message : `${fix.title}.`);
  return {
    finding: { ...finding, code: 'adapter-differs', severity: 'warning', message },
    fixes: 'refusal' in fix ? [] : [fix],
  };
}

/** What differs, what the trainer makes of it, and what to do. */
function difference(recipe: ReadRecipe, adapter: AdapterNumbers, goesOn: GoesOn, advice: string): string {
  const { alphaOf, rankOf = alphaOf } = goesOn;
  const name = visible(goesOn.from);
  const [now, then] = [numberLabel(recipe.scaling), numberLabel(adapter.scaling)];
  if (rankOf === 'file' && recipe.rank !== adapter.rank) {
    return l10n.t`${name} has rank ${adapter.rank}. Its factors do not fit into rank ${recipe.rank}. ${advice}`;
  }
  if (alphaOf === 'adapter') {
    return l10n.t`${name} was trained with rank ${adapter.rank} and scaling ${then}. The run goes on with these, not with the rank ${recipe.rank} and scaling ${now} of this file. ${advice}`;
  }
  const k = numberLabel(recipe.scaling / adapter.scaling);
  return l10n.t`${name} was trained with scaling ${then}. The scaling ${now} of this file counts: what the adapter learned is multiplied by ${k} from the first step on. ${advice} Or divide the loaded factors.`;
}

/** Alpha is written with twelve digits: s·B·A changes by less than float32 can hold. */
const DIGITS = 12;

/** Whether two scalings are the same but for the digits that are written. */
const isSameScaling = (one: number, other: number): boolean => Math.abs(one / other - 1) < 1e-9;

/**
 * The edits that give the only recipe of a file the rank and scaling of a trained adapter, under the file's own rule for the
 * scaling; or why there are none. The edited text is read again: nothing else may have changed.
 */
function adapterFix(text: string, reading: ConfigReading, adapter: AdapterNumbers): Fix | Refused {
  const located = runOfRecipe(text, reading, 0);
  if (!located || !reading.syntax) {
    return refused('changed', l10n.t('The file has changed since it was read; read it again.'));
  }
  const { run } = located;
  const blocked = errorIn(run);
  if (blocked) return { refusal: blocked };
  const wanted = numbersFor(run, located.adapter.recipe, adapter);
  if ('refusal' in wanted) return wanted;
  const writings: Writing[] = [];
  for (const [field, value] of Object.entries(wanted) as [keyof typeof wanted, number][]) {
    const writing = writingFor(run, located.adapter, field, value);
    if ('refusal' in writing) return writing;
    writings.push(writing);
  }
  const after = edited(text, reading.syntax, run, writings);
  if ('refusal' in after) return after;
  const [recipe, ...others] = recipesIn(after.runs);
  const isSame = isSameRecipe(recipe, reading.recipes[0], 'rank', 'alpha', 'scaling') && others.length === 0;
  if (!isSame || recipe?.rank !== adapter.rank || !isSameScaling(recipe.scaling, adapter.scaling)) {
    const message = l10n.t('LoRA Alpha cannot write the rank and scaling of the adapter into this file.');
    return refused('rewrite-fault', message);
  }
  const assignments = writings.map(({ place, literal }) => `${place.key.label} = ${literal}`).join(', ');
  return { title: l10n.t`Set ${assignments}`, edits: after.edits };
}

/** The numbers to write: those that differ, and an alpha that would follow the rank. */
function numbersFor(
  { layout, trainer }: Run,
  recipe: ReadRecipe,
  { rank, scaling }: AdapterNumbers,
): { rank?: number; alpha?: number } | Refused {
  if (recipe.alphaIsIgnored !== undefined) return refused('alpha-ignored', recipe.alphaIsIgnored);
  try {
    const alpha = Number(alphaFor(recipe.scalingRule, scaling, rank, recipe.multiplier).toPrecision(DIGITS));
    if (layout.wholeAlpha && !Number.isInteger(alpha)) {
      const message = l10n.t`The adapter needs alpha ${alpha}; ${trainer.name} takes whole alphas only.`;
      return refused('alpha-not-whole', message);
    }
    const isOtherRank = rank !== recipe.rank;
    const isWritten = alpha !== recipe.alpha || (isOtherRank && recipe.stated.alpha === undefined);
    return { ...(isOtherRank ? { rank } : {}), ...(isWritten ? { alpha } : {}) };
  } catch (error) {
    if (error instanceof RecipeError) return refused('scaling', error.message);
    throw error;
  }
}
