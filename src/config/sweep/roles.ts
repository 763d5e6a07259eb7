import { ALPHA, isLoraWord, LEARNING_RATE, OPTIMIZER, plainWord, RANK } from '../trainers/generic/aliases';
import type { SweptValues, Dimension } from './space';

/** The hyperparameters of LoRA that a search varies. */
export interface Swept {
  alpha: Dimension;
  learningRate: Dimension | null;
  rank: Dimension | null;
  optimizer: Dimension | null;
}

/** The dimensions that matter, or null if the search does not vary a LoRA alpha. */
export function rolesOf(dimensions: readonly Dimension[]): Swept | null {
  const find = (isOne: (word: string, path: readonly string[]) => boolean): Dimension | null =>
    dimensions.find(({ name }) => {
      const steps = name.split(/[./]/);
      return isOne(plainWord(steps.at(-1) ?? ''), steps.slice(0, -1));
    }) ?? null;
  const rank = find((word, path) => RANK.names.has(word) && [word, ...path].some(isLoraWord));
  const alpha = find((word, path) => ALPHA.names.has(word) && (rank !== null || [word, ...path].some(isLoraWord)));
  if (!alpha || !isVaried(alpha.choice)) return null;
  return {
    alpha,
    learningRate: find((word) => LEARNING_RATE.names.has(word)),
    rank: rank ?? find((word) => RANK.names.has(word)),
    optimizer: find((word) => OPTIMIZER.names.has(word)),
  };
}

export const isVaried = (choice: SweptValues): boolean => choice.kind === 'range' || choice.values.length > 1;

/** The numbers of a choice, or null for a range or other values. */
export function numbersOf(choice: SweptValues): number[] | null {
  if (choice.kind === 'range') return null;
  const numbers = choice.values.map(Number);
  return numbers.every((value) => Number.isFinite(value) && value > 0) ? numbers : null;
}
