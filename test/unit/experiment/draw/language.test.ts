import { describe, expect, it } from 'vitest';
import { drawDialect, drawTexts, followerOf, REGULAR } from '../../../../src/experiment/draw/language';
import { randomOf } from '../../../../src/experiment/draw/random';

const VOCABULARY = 16;
const LENGTH = 8;
const dialects = (seed: number) => {
  const random = randomOf(seed);
  return [drawDialect(random, VOCABULARY), drawDialect(random, VOCABULARY)] as const;
};

describe('a dialect', () => {
  it('is the same from the same seed, and another from another or at the next call', () => {
    const [one, other] = dialects(1);
    expect(dialects(1)).toEqual([one, other]);
    expect(other).not.toEqual(one);
    expect(dialects(2)[0]).not.toEqual(one);
  });

  it('has one follower for each token in either company, and every token follows once', () => {
    const [{ follows }] = dialects(3);
    const tokens = Array.from({ length: VOCABULARY }, (_, token) => token);
    for (const followers of follows) expect(followers.toSorted((a, b) => a - b)).toEqual(tokens);
    expect(follows[0]).not.toEqual(follows[1]);
  });

  it('lets the kind of the token before the last decide what follows', () => {
    const [dialect] = dialects(4);
    expect(followerOf(dialect, 2, 5)).toBe(dialect.follows[0][5]);
    expect(followerOf(dialect, 7, 5)).toBe(dialect.follows[1][5]);
  });
});

describe('texts', () => {
  const [dialect, foreign] = dialects(5);
  const texts = drawTexts(randomOf(6), dialect, 500, LENGTH);

  it('are as many and as long as asked for, the same from the same seed', () => {
    expect(texts).toHaveLength(500 * (LENGTH + 1));
    expect(drawTexts(randomOf(6), dialect, 500, LENGTH)).toEqual(texts);
    expect(drawTexts(randomOf(6), dialect, 1, 1)).toHaveLength(2);
    expect(new Set(texts).size).toBe(VOCABULARY);
    expect(Math.min(...texts)).toBe(0);
  });

  it('keep the rules of their dialect as often as they should, and those of another by chance alone', () => {
    const share = (rules: typeof dialect): number => {
      let [kept, places] = [0, 0];
      texts.forEach((token, i) => {
        if (i % (LENGTH + 1) < 2) return;
        places++;
        if (followerOf(rules, texts[i - 2] ?? 0, texts[i - 1] ?? 0) === token) kept++;
      });
      return kept / places;
    };
    expect(share(dialect)).toBeCloseTo(REGULAR + (1 - REGULAR) / VOCABULARY, 1);
    expect(share(foreign)).toBeLessThan(0.25);
  });
});
