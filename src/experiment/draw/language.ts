import type { Random } from './random';

/**
 * A dialect of a language over the tokens 0 … vocabulary − 1. A model learns one dialect in pretraining, and LoRA
 * another, which has the same tokens but other rules. Every token is of one of two kinds. Usually the last token
 * decides the next one, by one of two permutations; the kind of the token before it decides which. Otherwise the next
 * token is random.
 */
export interface Dialect {
  vocabulary: number;
  /** For each kind of the second-last token: the token that follows each token. */
  follows: readonly [readonly number[], readonly number[]];
}

/** Probability that the rule holds. A model that knows it reaches a loss of about 0.6 a token, with 16 tokens. */
export const REGULAR = 0.9;

export function drawDialect(random: Random, vocabulary: number): Dialect {
  return { vocabulary, follows: [permutation(random, vocabulary), permutation(random, vocabulary)] };
}

/** The next token by the rule. */
export function followerOf({ follows }: Dialect, beforeLast: number, last: number): number {
  return follows[beforeLast % 2 === 0 ? 0 : 1][last] ?? 0;
}

/**
 * Texts of the dialect, in order: [count, length + 1]. All tokens but the last are seen; all but the first are said.
 */
export function drawTexts(random: Random, dialect: Dialect, count: number, length: number): number[] {
  const any = (): number => below(random, dialect.vocabulary);
  return Array.from({ length: count }, () => {
    const text = [any(), any()];
    while (text.length <= length) {
      const [beforeLast = 0, last = 0] = text.slice(-2);
      text.push((random.uniform(1) + 1) / 2 < REGULAR ? followerOf(dialect, beforeLast, last) : any());
    }
    return text.slice(0, length + 1);
  }).flat();
}

function permutation(random: Random, count: number): number[] {
  const tokens = Array.from({ length: count }, (_, token) => token);
  for (let left = count; left > 1; left--) {
    const chosen = below(random, left);
    const [last = 0, other = 0] = [tokens[left - 1], tokens[chosen]];
    [tokens[left - 1], tokens[chosen]] = [other, last];
  }
  return tokens;
}

/** From 0 to count − 1. */
function below(random: Random, count: number): number {
  return Math.min(count - 1, Math.floor(((random.uniform(1) + 1) / 2) * count));
}
