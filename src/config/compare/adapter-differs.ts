import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import { alphaFor, RecipeError } from '../../recipe/recipe';
import { visible } from '../../recipe/visible';
import { placeOf } from '../plan/place';
import { runOfRecipe, type ConfigReading, type Located } from '../read';
import type { Finding, GoesOn, ReadRecipe } from '../reading';
import { ADAPTER_CONFIG } from '../trainers/peft/trained-adapter';

export type AdapterNumbers = Pick<ReadRecipe, 'rank' | 'scaling' | 'alpha' | 'scalingRule'>;

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
 * What is wrong with going on from a trained adapter: its scaling or rank is not that of the file.
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
): Finding | null {
  const [recipe] = reading.recipes;
  const { goesOn } = finding;
  const located = runOfRecipe(text, reading, 0);
  if (!goesOn || !recipe || !located || reading.recipes.length > 1) return null;
  if (recipe.rank === adapter.rank && Math.abs(recipe.scaling / adapter.scaling - 1) < 1e-9) return null;
  const message = difference(recipe, adapter, goesOn, adviceFor(located, adapter));
  return { ...finding, code: 'adapter-differs', severity: 'warning', message };
}

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

/** Alpha is shown with twelve digits: s·B·A changes by less than float32 can hold. */
const DIGITS = 12;

/**
 * `Set lora_r = 16, lora_alpha = 32.`: the numbers that give the file the adapter's rank and scaling, under the file's
 * own rule for the scaling; or why there are none.
 */
function adviceFor({ run, adapter: { recipe, fields } }: Located, { rank, scaling }: AdapterNumbers): string {
  if (recipe.alphaIsIgnored !== undefined) return recipe.alphaIsIgnored;
  try {
    const alpha = Number(alphaFor(recipe.scalingRule, scaling, rank, recipe.multiplier).toPrecision(DIGITS));
    if (run.layout.wholeAlpha && !Number.isInteger(alpha)) {
      return l10n.t`The adapter needs alpha ${alpha}; ${run.trainer.name} takes whole alphas only.`;
    }
    const isOtherRank = rank !== recipe.rank;
    // An alpha that is a default may follow the rank.
    const isOtherAlpha = alpha !== recipe.alpha || (isOtherRank && recipe.stated.alpha === undefined);
    const word = (field: 'rank' | 'alpha', to: number) => `${placeOf(run, fields[field])?.key.label ?? field} = ${to}`;
    const words = [...(isOtherRank ? [word('rank', rank)] : []), ...(isOtherAlpha ? [word('alpha', alpha)] : [])];
    return l10n.t`Set ${words.join(', ')}.`;
  } catch (error) {
    if (error instanceof RecipeError) return error.message;
    throw error;
  }
}
