import { describe, expect, it } from 'vitest';
import { statusWords } from '../../../../src/extension/lens/lens-words';

describe('the words in the status bar', () => {
  it.each([
    [{ scalingRule: 'standard', alpha: 32, rank: 16, scaling: 2 }, 's = 2 · α 32 / r 16'],
    [{ scalingRule: 'standard', alpha: 1, rank: 3, scaling: 1 / 3 }, 's = 0.3333 · α 1 / r 3'],
    [{ scalingRule: 'rslora', alpha: 16, rank: 16, scaling: 4 }, 's = 4 · α 16 / √r 16'],
    [{ scalingRule: 'standard', multiplier: 10, alpha: 16, rank: 8, scaling: 20 }, 's = 20 · 10 · α 16 / r 8'],
    [{ scalingRule: 'direct', alpha: 20, rank: 8, scaling: 20 }, 's = 20 · r 8'],
  ] as const)('%o', (recipe, words) => {
    expect(statusWords(recipe)).toBe(words);
  });
});
