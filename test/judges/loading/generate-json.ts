import fc from 'fast-check';
import { joined, mutated, quoted, rarely } from './mutate';
import { nested, oneOf, pieces } from '../../support/pieces';

const WORDS = [
  ...pieces`
  null ¦ true ¦ false ¦ NaN ¦ Infinity ¦ -Infinity ¦ 0 ¦ -0 ¦ 16 ¦ 1.5 ¦ 1e-4 ¦ 1E+5 ¦ 0.0 ¦ 1e-400 ¦ -1.0
  99999999999999999999 ¦ 1e999 ¦ -1e999 ¦ "" ¦ "é" ¦ "\u2028" ¦ [] ¦ {}
`,
  ...[`1${'0'.repeat(400)}`, '9'.repeat(4300)],
];
const TRAPS = [
  ...pieces`-NaN ¦ nan ¦ None ¦ True ¦ undefined ¦ 1. ¦ .5 ¦ 01 ¦ +1 ¦ - ¦ 1e ¦ 0x10 ¦ 1_000`,
  ...['9'.repeat(4301), `-${'9'.repeat(4301)}`],
  ...pieces`"a ¦ 'a' ¦ "\t" ¦ ∅ ¦ -Inf ¦ NaNs ¦ truee ¦ nul ¦ 1 2 ¦ "a" "b"`,
];

const part = oneOf`
  a ¦ ␣ ¦ é ¦ 😀 ¦ // ¦ /* ¦ \u007f ¦ # ¦ 2e-4 ¦ \\n ¦ \\" ¦ \\\\ ¦ \\/ ¦ \\u00e9 ¦ \\ud83d\\ude00 ¦ \\ud83d
  \\ude00x ¦ \\uD83D\\u0041 ¦ \\b\\f\\r\\t
`;
const badPart = oneOf`\\u12 ¦ \\x41 ¦ \\a ¦ \\' ¦ \n ¦ \t ¦ \u0000 ¦ \u001f ¦ \\u00G0 ¦ \\u 123`;
const string = quoted('"', rarely(part, badPart), 4);
const spaces = rarely(oneOf`∅ ¦ ␣ ¦ \n␣␣ ¦ \r\n ¦ \t`, oneOf`\u00a0 ¦ // note\n ¦ /* note */ ¦ \f ¦ \u000b ¦ #x\n`);
const comma = rarely(fc.constant(','), oneOf`∅ ¦ ,, ¦ ; ¦ , ,`);
const end = rarely(fc.constant(''), fc.constantFrom(',', ', ', ' ,\n'));
const key = rarely(
  fc.oneof(oneOf`"r" ¦ "lora_alpha" ¦ "a" ¦ "a" ¦ "b.c"`, string),
  oneOf`a ¦ 'a' ¦ 1 ¦ NaN ¦ null ¦ ∅`,
);

const { value } = fc.letrec<{ value: string }>((tie) => {
  const list = fc
    .tuple(fc.array(tie('value'), { maxLength: 3 }), comma, end, spaces)
    .map(([items, mark, last, gap]) => `[${gap}${items.join(mark + gap)}${items.length > 0 ? last : ''}${gap}]`);
  const pair = fc.tuple(key, spaces, tie('value')).map(([name, space, item]) => `${name}${space}:${space}${item}`);
  const object = fc
    .tuple(fc.array(pair, { maxLength: 4 }), comma, end, spaces)
    .map(([pairs, mark, last, gap]) => `{${gap}${pairs.join(mark + gap)}${pairs.length > 0 ? last : ''}${gap}}`);
  const word = rarely(fc.constantFrom(...WORDS), fc.constantFrom(...TRAPS));
  return { value: nested(4, [3, word], [2, string], [2, list], [3, object]) };
});

export const jsonText = mutated(joined(spaces, value, spaces));
