import fc from 'fast-check';
import { mutated, rarely } from './mutate';
import { oneOf, pieces } from '../../support/pieces';

const WORDS = [
  ...pieces`
  null ¦ true ¦ false ¦ NaN ¦ Infinity ¦ -Infinity ¦ 0 ¦ -0 ¦ 16 ¦ 1.5 ¦ 1e-4 ¦ 1E+5 ¦ 0.0 ¦ 1e-400 ¦ -1.0
`,
  ...[
    ...pieces`99999999999999999999 ¦ 1e999 ¦ -1e999 ¦ "" ¦ "é" ¦ "\u2028" ¦ [] ¦ {}`,
    `1${'0'.repeat(400)}`,
    '9'.repeat(4300),
  ],
];
const TRAPS = [
  ...[
    ...pieces`
  -NaN ¦ nan ¦ None ¦ True ¦ undefined ¦ 1. ¦ .5 ¦ 01 ¦ +1 ¦ - ¦ 1e ¦ 0x10 ¦ 1_000
`,
    '9'.repeat(4301),
    `-${'9'.repeat(4301)}`,
  ],
  ...pieces`"a ¦ 'a' ¦ "\t" ¦ ∅ ¦ -Inf ¦ NaNs ¦ truee ¦ nul ¦ 1 2 ¦ "a" "b"`,
];

const part = oneOf`
  a ¦ ␣ ¦ é ¦ 😀 ¦ // ¦ /* ¦ \u007f ¦ # ¦ 2e-4 ¦ \\n ¦ \\" ¦ \\\\ ¦ \\/ ¦ \\u00e9 ¦ \\ud83d\\ude00 ¦ \\ud83d
  \\ude00x ¦ \\uD83D\\u0041 ¦ \\b\\f\\r\\t
`;
const badPart = oneOf`\\u12 ¦ \\x41 ¦ \\a ¦ \\' ¦ \n ¦ \t ¦ \u0000 ¦ \u001f ¦ \\u00G0 ¦ \\u 123`;
const string = fc.array(rarely(part, badPart), { maxLength: 4 }).map((parts) => `"${parts.join('')}"`);
const spaces = rarely(oneOf`∅ ¦ ␣ ¦ \n␣␣ ¦ \r\n ¦ \t`, oneOf`\u00a0 ¦ // note\n ¦ /* note */ ¦ \f ¦ \u000b ¦ #x\n`);
const comma = rarely(fc.constant(','), oneOf`∅ ¦ ,, ¦ ; ¦ , ,`);
const end = rarely(fc.constant(''), fc.constantFrom(',', ', ', ' ,\n'));
const key = rarely(
  fc.oneof(oneOf`"r" ¦ "lora_alpha" ¦ "a" ¦ "a" ¦ "b.c"`, string),
  oneOf`a ¦ 'a' ¦ 1 ¦ NaN ¦ null ¦ ∅`,
);

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 3, arbitrary: rarely(fc.constantFrom(...WORDS), fc.constantFrom(...TRAPS)) },
    { weight: 2, arbitrary: string },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.array(tie('value'), { maxLength: 3 }), comma, end, spaces)
        .map(([items, mark, last, gap]) => `[${gap}${items.join(mark + gap)}${items.length > 0 ? last : ''}${gap}]`),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.array(fc.tuple(key, spaces, tie('value')), { maxLength: 4 }), comma, end, spaces)
        .map(
          ([pairs, mark, last, gap]) =>
            `{${gap}${pairs.map(([name, space, item]) => `${name}${space}:${space}${item}`).join(mark + gap)}${pairs.length > 0 ? last : ''}${gap}}`,
        ),
    },
  ),
}));

export const jsonText = mutated(fc.tuple(spaces, value, spaces).map((parts) => parts.join('')));
