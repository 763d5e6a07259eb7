import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONSTRUCTS, type Constructs } from './constructs';
import { cost, growsTooFast, growthOf, SHORT, textsOf, type Growth } from './growth';

/** Characters of the largest text. */
const LENGTH = 16_000;
/** The largest growth with each doubling, on a machine that does other things besides. */
const FACTOR = 2.7;
/** Random pairs of pieces a syntax; `npm run growth -- --pairs` measures all. */
const PAIRS = 6;

/** The growth that is too fast, or null. A machine that does other things besides gets three more tries. */
function tooFast(constructs: Constructs, pieces: readonly string[]): Growth | null {
  const [, , large = ''] = textsOf(constructs, pieces, LENGTH);
  if (cost(large, constructs.file, 1) < SHORT) return null;
  for (const tries of [1, 3, 5]) if (!growsTooFast(growthOf(constructs, pieces, LENGTH, tries), FACTOR)) return null;
  const growth = growthOf(constructs, pieces, LENGTH, 9);
  return growsTooFast(growth, FACTOR) ? growth : null;
}

describe('reading time grows with the length of the text', () => {
  it.each(CONSTRUCTS.map((constructs) => [constructs.file, constructs] as const))(
    'in %s, whatever is repeated',
    { timeout: 120_000 },
    (_, constructs) => {
      const { pieces } = constructs;
      const pairs = fc.sample(fc.tuple(fc.constantFrom(...pieces), fc.constantFrom(...pieces)), PAIRS);
      const all = [...pieces.map((piece) => [piece]), ...pairs];
      expect(all.map((some) => tooFast(constructs, some)).filter((growth) => growth !== null)).toEqual([]);
    },
  );
});
