import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONSTRUCTS } from './constructs';
import { growsTooFast, growthOf, type Growth } from './growth';

/** Characters of the largest text. */
const LENGTH = 32_000;
/** Random pairs of pieces a syntax; `npm run growth -- --pairs` measures all. */
const PAIRS = 12;

/** Nothing where time grows with the text; a machine that does other things besides gets three more tries. */
function tooFast(constructs: (typeof CONSTRUCTS)[number], pieces: readonly string[]): Growth[] {
  const found = [1, 3, 5, 9].map((tries) => () => growthOf(constructs, pieces, LENGTH, tries));
  for (const measure of found) if (!growsTooFast(measure())) return [];
  return [growthOf(constructs, pieces, LENGTH, 9)];
}

describe('reading time grows with the length of the text', () => {
  it.each(CONSTRUCTS.map((constructs) => [constructs.file, constructs] as const))(
    'in %s, whatever is repeated',
    { timeout: 120_000 },
    (_, constructs) => {
      const { pieces } = constructs;
      const pairs = fc.sample(fc.tuple(fc.constantFrom(...pieces), fc.constantFrom(...pieces)), PAIRS);
      const all = [...pieces.map((piece) => [piece]), ...pairs];
      expect(all.flatMap((some) => tooFast(constructs, some))).toEqual([]);
    },
  );
});
