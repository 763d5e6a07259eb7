import type { Random } from './random';

/**
 * A language over the tokens 0 … vocabulary − 1 of which a model can learn one half before its fine-tuning and the other
 * during it: two dialects that share the tokens and what kind each is of, but not the rules.
 *
 * A rule is an agreement between neighbours. Every token is of one of two kinds, and most of the time the next token is
 * the one that follows the last one **in company of the kind before it**: what stands two places back decides, so a model
 * has to look there. The rest of the time any token may come.
 */
export interface Dialect {
  vocabulary: number;
  /** By the kind of the token before the last: which token follows which. Two permutations of the tokens. */
  follows: readonly [readonly number[], readonly number[]];
}

/** How often the rule is kept. A model that knows it cannot do better than about 0.6 a token that two stand before, with 16 of them. */
export const REGULAR = 0.9;

/** Another dialect of the language at every call. */
export function drawDialect(random: Random, vocabulary: number): Dialect {
  return { vocabulary, follows: [permutation(random, vocabulary), permutation(random, vocabulary)] };
}

/** What follows by the rule. */
export function followerOf({ follows }: Dialect, beforeLast: number, last: number): number {
  return follows[beforeLast % 2 === 0 ? 0 : 1][last] ?? 0;
}

/**
 * So many texts of the dialect, one after the other: [count, length + 1]. The token at each place but the last is what a
 * model sees, the one after it what it has to say.
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

/** 0 … count − 1, shuffled. */
function permutation(random: Random, count: number): number[] {
  const tokens = Array.from({ length: count }, (_, token) => token);
  for (let left = count; left > 1; left--) {
    const chosen = below(random, left);
    const [last = 0, other = 0] = [tokens[left - 1], tokens[chosen]];
    [tokens[left - 1], tokens[chosen]] = [other, last];
  }
  return tokens;
}

/** 0 … count − 1, evenly. */
function below(random: Random, count: number): number {
  return Math.min(count - 1, Math.floor(((random.uniform(1) + 1) / 2) * count));
}
