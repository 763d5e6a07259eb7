import { ALIASES, isLoraWord, plainWord } from '../trainers/generic/aliases';
import type { Dimension, SweptValues } from './space';

/** The hyperparameters of LoRA that a search varies. */
export interface Swept {
  alpha: Dimension;
  learningRate: Dimension | null;
  rank: Dimension | null;
  optimizer: Dimension | null;
}

/** The dimensions that matter, or null if the search does not vary a LoRA alpha. */
export function rolesOf(dimensions: readonly Dimension[]): Swept | null {
  const find = (field: keyof typeof ALIASES, mustSayLora = false): Dimension | null =>
    dimensions.find(({ name }) => {
      const steps = name.split(/[./]/);
      const isCalled = ALIASES[field].names.includes(plainWord(steps.at(-1) ?? ''));
      return isCalled && (!mustSayLora || steps.some(isLoraWord));
    }) ?? null;
  const rank = find('rank', true);
  const alpha = find('alpha', rank === null);
  if (!alpha || !isVaried(alpha.choice)) return null;
  return { alpha, learningRate: find('learningRate'), rank: rank ?? find('rank'), optimizer: find('optimizer') };
}

export const isVaried = (choice: SweptValues): boolean => choice.kind === 'range' || choice.values.length > 1;

/** The numbers of a choice, or null for a range or other values. */
export function numbersOf(choice: SweptValues): number[] | null {
  if (choice.kind === 'range') return null;
  const numbers = choice.values.map(Number);
  return numbers.every((value) => Number.isFinite(value) && value > 0) ? numbers : null;
}
