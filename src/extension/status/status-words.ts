import type { ReadRecipe } from '../../config/reading';
import { numberLabel } from '../../recipe/notation';

/** What the status bar says of a recipe: `s = 2 · α 32 / r 16`. */
export function statusWords({
  scalingRule,
  scaling,
  alpha,
  rank,
  multiplier,
}: Pick<ReadRecipe, 'scalingRule' | 'scaling' | 'alpha' | 'rank' | 'multiplier'>): string {
  const s = `s = ${numberLabel(scaling)}`;
  if (scalingRule === 'direct') return `${s} · r ${rank}`;
  const constant = multiplier === undefined ? '' : `${numberLabel(multiplier)} · `;
  return `${s} · ${constant}α ${numberLabel(alpha)} / ${scalingRule === 'rslora' ? '√' : ''}r ${rank}`;
}
