import * as l10n from '@vscode/l10n';
import type { Caveat } from '../../recipe/caveats/caveat';
import { numberLabel } from '../../recipe/notation';
import { visible } from '../../recipe/visible';
import type { Finding, Fix, GoesOn, Reading, ReadRecipe } from '../reading';
import { ADAPTER_CONFIG } from '../trainers/peft/trained-adapter';
import { adapterFix, isSameScaling, type AdapterFix, type AdapterNumbers } from './adapter-fix';

/**
 * Where a trained adapter says its numbers, seen from the folder that its path starts in: in the config beside its weights, or
 * in the header of the weights.
 */
export function adapterFilesAt({ from }: GoesOn): { config: string | null; weights: string | null } {
  const [first = '', ...further] = from.split(/[\\/]/);
  const parts = [first, ...further.filter((part) => part !== '')];
  const isFile = /\.(safetensors|bin|pt|npz)$/.test(from);
  // adapter_config.json belongs to adapter_model.safetensors (PEFT) or adapters.npz (mlx-lm), not to any weights beside it.
  const hasConfig = !isFile || /adapter/.test(parts.at(-1) ?? '');
  const config = hasConfig ? [...(isFile ? parts.slice(0, -1) : parts), ADAPTER_CONFIG].join('/') : null;
  return { config, weights: from.endsWith('.safetensors') ? parts.join('/') : null };
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
  reading: Reading,
  finding: Finding,
  adapter: AdapterNumbers,
): { finding: Finding; fixes: readonly Fix[] } | null {
  const [recipe] = reading.recipes;
  const { goesOn } = finding;
  if (!goesOn || !recipe || reading.recipes.length > 1) return null;
  if (recipe.rank === adapter.rank && isSameScaling(recipe.scaling, adapter.scaling)) return null;
  const found = adapterFix(text, reading, adapter);
  const fits = goesOn.rankOf !== 'file' || recipe.rank === adapter.rank;
  const advice = adviceOf(found, goesOn.alphaOf === 'adapter' && fits);
  const message = difference(recipe, adapter, goesOn, advice).join(' ');
  return {
    finding: { ...finding, code: 'adapter-differs', severity: 'warning', message },
    fixes: 'refusal' in found ? [] : [{ title: l10n.t`Set ${found.assignments}`, edits: found.edits }],
  };
}

function adviceOf(found: AdapterFix | { refusal: Caveat }, doesRun: boolean): string {
  if ('refusal' in found) return found.refusal.message;
  return doesRun
    ? l10n.t`Set ${found.assignments}, so that this file says what runs.`
    : l10n.t`Set ${found.assignments}.`;
}

/** What differs, what the trainer makes of it, and what to do. */
function difference(recipe: ReadRecipe, adapter: AdapterNumbers, goesOn: GoesOn, advice: string): string[] {
  const { from, alphaOf, rankOf = alphaOf } = goesOn;
  const name = visible(from);
  const [now, then] = [numberLabel(recipe.scaling), numberLabel(adapter.scaling)];
  if (rankOf === 'file' && recipe.rank !== adapter.rank) {
    return [l10n.t`${name} has rank ${adapter.rank}. Its factors do not fit into rank ${recipe.rank}.`, advice];
  }
  if (alphaOf === 'adapter') {
    return [
      l10n.t`${name} was trained with rank ${adapter.rank} and scaling ${then}. The run goes on with these, not with the rank ${recipe.rank} and scaling ${now} of this file.`,
      advice,
    ];
  }
  const k = numberLabel(recipe.scaling / adapter.scaling);
  return [
    l10n.t`${name} was trained with scaling ${then}. The scaling ${now} of this file counts: what the adapter learned is multiplied by ${k} from the first step on.`,
    advice,
    l10n.t('Or divide the loaded factors.'),
  ];
}
