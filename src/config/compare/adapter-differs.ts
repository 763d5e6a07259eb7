import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import { visible } from '../../recipe/visible';
import type { Finding, GoesOn, Reading, ReadRecipe } from '../reading';
import { ADAPTER_CONFIG } from '../trainers/peft/trained-adapter';

/** Where the config of a trained adapter is, seen from the folder that its path starts in. */
export function adapterConfigAt({ from }: GoesOn): string {
  const [first = '', ...further] = from.split(/[\\/]/);
  const parts = [first, ...further.filter((part) => part !== '')];
  const isFile = /\.(safetensors|bin|pt|npz)$/.test(from);
  return [...(isFile ? parts.slice(0, -1) : parts), ADAPTER_CONFIG].join('/');
}

/**
 * What is wrong with going on from a trained adapter: its scaling or rank is not that of the file.
 * @param finding one of the reading, about a run that goes on
 * @param adapter what the adapter's own config says
 * @returns null if nothing is wrong, or if the file has several recipes
 */
export function adapterDiffers({ recipes }: Reading, finding: Finding, adapter: ReadRecipe): Finding | null {
  const [recipe] = recipes;
  const { goesOn } = finding;
  if (!goesOn || !recipe || recipes.length > 1) return null;
  const message = difference(recipe, adapter, goesOn);
  return message === null ? null : { ...finding, code: 'adapter-differs', severity: 'warning', message };
}

function difference(recipe: ReadRecipe, adapter: ReadRecipe, { from, alphaOf }: GoesOn): string | null {
  const name = visible(from);
  const [rank, ofAdapter] = [recipe.rank, adapter.rank];
  const [now, then] = [numberLabel(recipe.scaling), numberLabel(adapter.scaling)];
  if (rank === ofAdapter && recipe.scaling === adapter.scaling) return null;
  if (alphaOf === 'adapter') {
    return l10n.t`${name} was trained with rank ${ofAdapter} and scaling ${then}. The run goes on with these, not with the rank ${rank} and scaling ${now} of this file.`;
  }
  if (rank !== ofAdapter) return l10n.t`${name} has rank ${ofAdapter}. Its factors do not fit into rank ${rank}.`;
  const k = numberLabel(recipe.scaling / adapter.scaling);
  const key = recipe.stated.alpha?.path ?? 'alpha';
  const alpha = Number(((recipe.alpha * adapter.scaling) / recipe.scaling).toPrecision(12));
  return l10n.t`${name} was trained with scaling ${then}. The scaling ${now} of this file counts: what the adapter learned is multiplied by ${k} from the first step on. Set ${key} to ${alpha}, or divide the loaded factors.`;
}
