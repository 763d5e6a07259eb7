import fc from 'fast-check';

const SURROGATES = { first: 0xd800, count: 0x800 };

const characterOf = (n: number): string => String.fromCodePoint(n < SURROGATES.first ? n : n + SURROGATES.count);

/**
 * Any character of Unicode. It draws and shrinks as fast-check's unit `binary`, which begins with a table of a million
 * characters: that takes a second.
 */
export const anyCharacter: fc.Arbitrary<string> = fc.nat(0x10_ffff - SURROGATES.count).map(characterOf, (character) => {
  const code = String(character).codePointAt(0) ?? 0;
  const n = code < SURROGATES.first ? code : code - SURROGATES.count;
  if (character !== characterOf(n)) throw new Error('no single character');
  return n;
});
