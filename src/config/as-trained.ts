import { knobsOf } from './knobs';
import { interpretText } from './read';
import type { Reading, ReadRecipe } from './reading';

/**
 * A network's recipe with what its trainer makes of LoRA+: some take no weight decay with a ratio, some optimizers take
 * no ratio. The reading itself keeps what the file says.
 * @param text the text `reading` was read from
 */
export function asTrained(text: string, { syntax }: Reading, recipe: ReadRecipe, index: number): ReadRecipe {
  const file = syntax ? interpretText(text, syntax) : null;
  const network = file?.networks[index];
  if (!file || !network || recipe.loraplusLrRatio === null) return recipe;
  const { settable, loraplus } = knobsOf(file, network);
  if (!settable.has('loraplusLrRatio')) return { ...recipe, loraplusLrRatio: null, lrB: null };
  const { optimizer } = recipe;
  return loraplus?.dropsDecay ? { ...recipe, optimizer: { ...optimizer, weightDecay: 0 } } : recipe;
}
