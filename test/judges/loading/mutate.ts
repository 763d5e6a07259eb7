import fc from 'fast-check';
import { at, pieces, weighted } from '../../support/pieces';

/** Pieces that mean something to one of the loaders, or are odd in all of them. */
const PIECES = pieces`
  \t ¦ ␣ ¦ \r ¦ \n ¦ \r\n ¦ \u0000 ¦ \u0085 ¦ \u2028 ¦ \u00a0 ¦ \ufeff ¦ \u007f ¦ 😀 ¦ é ¦ \u0007 ¦ " ¦ ' ¦ """
  ''' ¦ \\ ¦ # ¦ ␣# ¦ :␣ ¦ : ¦ ,␣ ¦ , ¦ [ ¦ ] ¦ { ¦ } ¦ -␣ ¦ - ¦ ?␣ ¦ = ¦ . ¦ _ ¦ << ¦ &a␣ ¦ *a ¦ !x␣ ¦ !!str␣
  !␣ ¦ | ¦ > ¦ % ¦ @ ¦ \u0060 ¦ --- ¦ ... ¦ //x ¦ /* x */ ¦ NaN ¦ 0 ¦ 1 ¦ e5 ¦ true
`;

/** `usual`, and one time in twenty-five `odd`: a text of many parts is still often as it should be. */
export function rarely<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return weighted([24, usual], [1, odd]);
}

export function joined(...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((all) => all.join(''));
}

/** Up to so many parts between two marks. */
export function quoted(mark: string, part: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
  return fc.array(part, { maxLength }).map((parts) => `${mark}${parts.join('')}${mark}`);
}

/** `text` as it is, or with a change in one place. */
export function mutated(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const place = fc.nat(1 << 16);
  const change = fc.oneof(
    fc.tuple(place, fc.constantFrom(...PIECES)).map(([n, piece]) => at(n, (before, behind) => before + piece + behind)),
    fc
      .tuple(place, fc.integer({ min: 1, max: 3 }))
      .map(([n, length]) => at(n, (before, behind) => before + behind.slice(length))),
    fc.constantFrom(
      (all: string) => all.replaceAll('\n', '\r\n'),
      (all: string) => `\uFEFF${all}`,
      (all: string) => all.trimEnd(),
      (all: string) => all.replace(/^/gm, '  '),
      (all: string) => all.replace(' ', '\t'),
      (all: string) => `${all}${all}`,
    ),
  );
  return weighted([3, text], [1, fc.tuple(text, change).map(([all, one]) => one(all))]);
}
