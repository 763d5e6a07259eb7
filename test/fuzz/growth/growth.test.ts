import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONSTRUCTS, type Constructs, type Repetition } from './constructs';
import { costOfNew, growsTooFast, growthOf, mostOf, SHORT, smaller, textsOf, type Growth } from './growth';
import { pairsOf, repetitionsIn, singlesOf } from './repetitions';

/** Characters of the largest text, unless fewer are beyond the bounds. */
const LENGTH = 16_000;
/** The largest growth with each doubling, on a machine that does other things besides. */
const FACTOR = 2.7;
/** Random pairs and items of each syntax, about 6 s of processor time together; `npm run growth -- --pairs` measures all. */
const PAIRS = 20;

/** The growth that is too fast, or null. A machine that does other things besides gets more tries. */
function tooFast(constructs: Constructs, repetition: Repetition): Growth | null {
  const most = mostOf(constructs, repetition, LENGTH);
  const [small = '', , large = ''] = textsOf(constructs, repetition, most);
  // Most need no more than one look at the large text, and the others one at the small text.
  const { file } = constructs;
  const first = costOfNew(large, file);
  if (first < SHORT || !growsTooFast({ times: [costOfNew(small, file), NaN, first] }, FACTOR)) return null;
  let growth = growthOf(constructs, repetition, most, 1);
  for (const tries of [1, 2, 4, 8]) {
    if (!growsTooFast(growth, FACTOR)) return null;
    growth = smaller(growth, growthOf(constructs, repetition, most, tries));
  }
  return growsTooFast(growth, FACTOR) ? growth : null;
}

describe('the time for a text grows with the length of the text', () => {
  it.each(CONSTRUCTS.map((constructs) => [constructs.file, constructs] as const))(
    'in %s, whatever is repeated',
    (_, constructs) => {
      const pairs = fc.constantFrom(...pairsOf(constructs), ...repetitionsIn(constructs));
      const all = [...singlesOf(constructs), ...fc.sample(pairs, PAIRS)];
      expect(all.map((one) => tooFast(constructs, one)).filter((growth) => growth !== null)).toEqual([]);
    },
  );
});
