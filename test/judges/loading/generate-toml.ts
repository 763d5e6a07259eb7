import fc from 'fast-check';
import { joined, mutated, quoted, rarely } from './mutate';
import { nested, oneOf, pieces, weighted } from '../../support/pieces';

const WORDS = pieces`
  true ¦ false ¦ 0 ¦ -0 ¦ +16 ¦ 1_000 ¦ 0x1F ¦ 0b101 ¦ 0o17 ¦ 0xdead_beef ¦ 1.5 ¦ 1e-4 ¦ 1E+5 ¦ -0.0 ¦ 6.0e-5
  1_0.2_5 ¦ inf ¦ -inf ¦ +nan ¦ nan ¦ 99999999999999999999 ¦ 1e999 ¦ 1e-400 ¦ 2024-01-01 ¦ 2024-01-01T10:00:00Z
  2024-01-01 10:00:00.123456 ¦ 10:20:30 ¦ 2024-02-29 ¦ 2024-01-01t10:00:00-07:30 ¦ [] ¦ {} ¦ "" ¦ '' ¦ "AdamW8bit"
  'C:\\x' ¦ "é😀" ¦ 1e05 ¦ 0e0
`;
const TRAPS = [
  ...pieces`
  True ¦ yes ¦ None ¦ null ¦ .5 ¦ 5. ¦ 01 ¦ 1__0 ¦ _1 ¦ 1_ ¦ 0X1 ¦ 0x_1 ¦ +0x1 ¦ 1e ¦ 1.e5 ¦ 1e5. ¦ Inf ¦ NaN
  - 1 ¦ 0x
  2024-13-01 ¦ 2024-02-30 ¦ 2023-02-29 ¦ 25:00:00 ¦ 10:20 ¦ 2024-01-01T10:00 ¦ 2024-1-1 ¦ adamw ¦ "a ¦ 'a ¦ "a\nb"
  """a ¦ ∅ ¦ = ¦ 1 2
  [1,, 2] ¦ [1 2] ¦ {a = 1,} ¦ {a = 1\n} ¦ {a = 1, a = 2} ¦ {a.b = 1, a = 2} ¦ {a = {b = 1}, a.c = 2}
  [1,\n# x\n2] ¦ {a = 1 b = 2}
`,
  '9'.repeat(4301),
];

const part = oneOf`
  a ¦ ␣ ¦ # ¦ é ¦ 2e-4 ¦ \t ¦ [x] ¦ = ¦ \\n ¦ \\" ¦ \\\\ ¦ \\u00e9 ¦ \\U0001F600 ¦ \\t\\b\\f\\r
`;
const badPart = oneOf`
  \\e ¦ \\x41 ¦ \\/ ¦ \\u12 ¦ \\ud800 ¦ \\U00110000 ¦ \n ¦ \u0000 ¦ \u007f ¦ \r ¦ \\␣
`;
const basic = quoted('"', rarely(part, badPart), 4);
const literal = quoted("'", rarely(oneOf`a ¦ " ¦ \\ ¦ ␣ ¦ # ¦ \t ¦ é`, oneOf`\n ¦ \u0000 ¦ \u007F`), 4);
const longPart = rarely(
  oneOf`a ¦ \n ¦ ␣ ¦ " ¦ "" ¦ \\\n␣␣ ¦ \\  \n\n␣ ¦ \\" ¦ # ¦ é ¦ ' ¦ \t`,
  oneOf`\\ x ¦ \\q ¦ \r ¦ \u0000 ¦ """ ¦ \\`,
);
const long = quoted('"""', longPart, 5);
const longLiteral = quoted("'''", rarely(oneOf`a ¦ \n ¦ " ¦ ' ¦ '' ¦ \\ ¦ ␣`, oneOf`\u0000 ¦ \r`), 5);

const bare = oneOf`lr ¦ r ¦ alpha ¦ a ¦ b ¦ c ¦ x-y ¦ x_y ¦ 1 ¦ "q k" ¦ 's.t' ¦ "" ¦ -`;
const badKey = oneOf`é ¦ a b ¦ a. ¦ .a ¦ "a ¦ a..b ¦ + ¦ """a""" ¦ a\n ¦ ∅`;
const key = rarely(joined(bare, rarely(fc.constant(''), oneOf`.a ¦ ␣. b ¦ .a.b ¦ ."q"`)), badKey);
const equals = rarely(fc.constant(' = '), oneOf`= ¦ \t=\t ¦ ␣ ¦ ␣=\n ¦ :␣ ¦ ␣= # x\n`);

const { value } = fc.letrec<{ value: string }>((tie) => {
  const word = rarely(fc.constantFrom(...WORDS), fc.constantFrom(...TRAPS));
  const comma = oneOf`,␣ ¦ , ¦ ,\n␣␣ ¦ ␣, # note\n`;
  const list = fc
    .tuple(fc.array(tie('value'), { maxLength: 3 }), comma, rarely(fc.constant(''), oneOf`, ¦ ,\n ¦ ,,`))
    .map(([items, mark, end]) => `[${items.join(mark)}${end}]`);
  const table = fc
    .tuple(unlike(fc.tuple(key, equals, tie('value')), 3, 0), rarely(fc.constant(', '), oneOf`, ¦ ,\n ¦ ␣`))
    .map(([pairs, mark]) => `{ ${pairs.join(mark)} }`);
  return { value: nested(3, [5, word], [2, fc.oneof(basic, literal, long, longLiteral)], [1, list], [1, table]) };
});

/** Some pairs of key, sign and value whose keys differ. */
function unlike(pair: fc.Arbitrary<string[]>, maxLength: number, minLength: number): fc.Arbitrary<string[]> {
  const pairs = fc.uniqueArray(pair, { minLength, maxLength, selector: ([name]) => name });
  return pairs.map((all) => all.map((parts) => parts.join('')));
}

const note = rarely(oneOf`∅ ¦ ∅ ¦ ␣# note ¦ \t`, oneOf`␣x ¦ ␣# \u0000 ¦ ; ¦ ␣# \r`);
const pair = joined(oneOf`∅ ¦ ∅ ¦ ␣␣`, key, equals, value, note);
const table = fc
  .tuple(rarely(oneOf`a ¦ b ¦ c.d ¦ a.b ¦ b . c ¦ "q" ¦ e.f.g`, oneOf`∅ ¦ a. ¦ é ¦ [a ¦ a b`), fc.boolean())
  .map(([name, isList]) => (isList ? `[[${name}]]` : `[${name}]`));
const line = weighted([6, pair], [2, joined(table, note)], [1, oneOf`∅ ¦ # note ¦ ␣␣`]);

/** Keys that are given once, so that most texts are read; tables may come again. */
const lines = fc.uniqueArray(line, { minLength: 1, maxLength: 8, selector: (text) => text.split('=')[0] });
const namespaces = oneOf`
  [a]\nb.c = 1\n[a.b]\nd = 2\n ¦ [a.b]\nc = 1\n[a]\nd = 2\n ¦ a = {b = 1}\n[a.c]\n ¦ a = [1]\n[[a]]\n
  [[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3\n ¦ a.b = 1\na.c = 2\n ¦ a.b = 1\n[a]\nc = 2\n ¦ [a]\n[a]\n
  [[a]]\n[a]\n ¦ [a]\n[[a]]\n ¦ [a.b.c]\n[a]\nb.d = 1\n ¦ a = 1\na.b = 2\n ¦ [[a.b]]\n[[a.b]]\n[a.b.c]\n
  [a]\nb = 1\n[a.b]\n ¦ [[a]]\n[[a.b]]\nc = 1\n[[a]]\n[[a.b]]\nc = 2\n ¦ [a]\nb.c = 1\nb.d = 2\n
  a.b.c = 1\na.b = 2\n ¦ [a]\nb = {c = 1}\nb.d = 2\n ¦ [[a]]\nb = [{c = 1}]\n[[a.b]]\n
`;

export const tomlText = mutated(weighted([9, lines.map((all) => `${all.join('\n')}\n`)], [1, namespaces]));

const plainNumber = oneOf`0 ¦ 16 ¦ -1 ¦ 1.5 ¦ 1e-4 ¦ 6.0e-5 ¦ 1E+5 ¦ 0.999 ¦ 1e999 ¦ -0.0 ¦ 4096 ¦ 1e05`;
const plainText = oneOf`
  "" ¦ "AdamW8bit" ¦ 'C:\\x' ¦ "a b" ¦ "#1" ¦ "a=1" ¦ "[x]" ¦ '{}' ¦ "a, b" ¦ "é😀" ¦ "C:\\\\x" ¦ "a\\tb\\n"
  "networks.lora" ¦ '\\' ¦ "\\\\" ¦ "  " ¦ "a # b" ¦ "=" ¦ "true" ¦ "1" ¦ '.'
`;
const plainItem = oneOf`
  "conv_dim=4" ¦ "betas=0.9,0.99" ¦ "a b" ¦ 'x=1' ¦ "a" ¦ "" ¦ "(0.9, 0.99)" ¦ "eps=[1e-28, 1e-4]" ¦ "a\\\\.b=1,c"
  'x{' ¦ "]" ¦ " a" ¦ ",a" ¦ "k=v=w" ¦ "true"
`;
const gap = oneOf`,␣ ¦ , ¦ ,\n␣␣ ¦ ␣,\n ¦ , # note\n␣␣`;
const listOf = (item: fc.Arbitrary<string>, maxLength: number, comma: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(fc.array(item, { maxLength }), comma).map(([items, mark]) => `[${items.join(mark)}]`);
const plainList = fc.oneof(
  fc
    .tuple(fc.array(plainItem, { maxLength: 4 }), gap, oneOf`∅ ¦ , ¦ \n ¦ ,\n`)
    .map(([items, comma, end]) => `[${items.join(comma)}${items.length > 0 ? end : ''}]`),
  listOf(oneOf`1 ¦ 512 ¦ -3`, 4, gap),
  listOf(oneOf`0.9 ¦ 0.999 ¦ 1e-4 ¦ 1`, 3, gap),
  listOf(oneOf`[512, 512] ¦ [1] ¦ [] ¦ ["a"] ¦ ["a, b", " c"] ¦ ["x]"] ¦ [0.5]`, 3, fc.constant(', ')),
);
const entry = oneOf`
  '/data/a_b.safetensors' ¦ "a b" ¦ 1 ¦ -2 ¦ 0.5 ¦ true ¦ "" ¦ 'é' ¦ "it: x" ¦ "(a)" ¦ 1e-4 ¦ 0.5e-8 ¦ 0e0 ¦ "a,b"
`;
const plainTable = fc
  .tuple(unlike(fc.tuple(oneOf`path ¦ type ¦ x-y ¦ a ¦ 1`, oneOf`␣=␣ ¦ =`, entry), 3, 1), oneOf`,␣ ¦ ,`, oneOf`∅ ¦ ␣`)
  .map(([pairs, comma, space]) => `{${space}${pairs.join(comma)}${space}}`);
const plainTables = fc
  .tuple(fc.array(plainTable, { maxLength: 3 }), gap, oneOf`∅ ¦ \n ¦ \n␣␣`)
  .map(([items, comma, line]) => `[${line}${items.join(comma)}${line}]`);
const plainValue = weighted(
  [1, fc.oneof(plainTable, plainTables)],
  [3, plainNumber],
  [3, plainText],
  [1, oneOf`true ¦ false`],
  [2, plainList],
);
const plainKey = oneOf`lr ¦ r ¦ network_dim ¦ a ¦ b ¦ x-y ¦ 1 ¦ "q k" ¦ 'q' ¦ a.b ¦ c.d.e`;
const plainPair = joined(oneOf`∅ ¦ ␣␣`, plainKey, oneOf`␣=␣ ¦ = ¦ ␣␣=␣␣ ¦ ␣=\t`, plainValue, oneOf`∅ ¦ ␣# note ¦ ␣␣`);
const plainLine = weighted(
  [5, plainPair],
  [1, oneOf`[a] ¦ [b] ¦ [c.d] ¦ [[e]] ¦ [[e]] ¦ [e.f] ¦ [[c.g]] ¦ # "note" ¦ ∅ ¦ # it's`],
);
const plainToml = fc
  .uniqueArray(plainLine, { minLength: 1, maxLength: 10, selector: (text) => text.split('=')[0] })
  .map((all) => `${all.join('\n')}\n`);

/** For a reader of plain TOML: every other text is plain. */
export const plainTomlText = fc.oneof(tomlText, mutated(plainToml));
