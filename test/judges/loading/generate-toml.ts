import fc from 'fast-check';
import { mutated, rarely } from './mutate';
import { oneOf, pieces } from '../../support/pieces';

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
`,
  ...pieces`
  2024-13-01 ¦ 2024-02-30 ¦ 2023-02-29 ¦ 25:00:00 ¦ 10:20 ¦ 2024-01-01T10:00 ¦ 2024-1-1 ¦ adamw ¦ "a ¦ 'a ¦ "a\nb"
  """a ¦ ∅ ¦ = ¦ 1 2
`,
  ...[
    ...pieces`
  [1,, 2] ¦ [1 2] ¦ {a = 1,} ¦ {a = 1\n} ¦ {a = 1, a = 2} ¦ {a.b = 1, a = 2} ¦ {a = {b = 1}, a.c = 2}
  [1,\n# x\n2] ¦ {a = 1 b = 2}
`,
    '9'.repeat(4301),
  ],
];

const part = oneOf`
  a ¦ ␣ ¦ # ¦ é ¦ 2e-4 ¦ \t ¦ [x] ¦ = ¦ \\n ¦ \\" ¦ \\\\ ¦ \\u00e9 ¦ \\U0001F600 ¦ \\t\\b\\f\\r
`;
const badPart = oneOf`
  \\e ¦ \\x41 ¦ \\/ ¦ \\u12 ¦ \\ud800 ¦ \\U00110000 ¦ \n ¦ \u0000 ¦ \u007f ¦ \r ¦ \\␣
`;
const basic = fc.array(rarely(part, badPart), { maxLength: 4 }).map((parts) => `"${parts.join('')}"`);
const literal = fc
  .array(rarely(oneOf`a ¦ " ¦ \\ ¦ ␣ ¦ # ¦ \t ¦ é`, fc.constantFrom('\n', '\0', '\u007F')), {
    maxLength: 4,
  })
  .map((parts) => `'${parts.join('')}'`);
const longPart = rarely(
  oneOf`a ¦ \n ¦ ␣ ¦ " ¦ "" ¦ \\\n␣␣ ¦ \\  \n\n␣ ¦ \\" ¦ # ¦ é ¦ ' ¦ \t`,
  oneOf`\\ x ¦ \\q ¦ \r ¦ \u0000 ¦ """ ¦ \\`,
);
const long = fc.array(longPart, { maxLength: 5 }).map((parts) => `"""${parts.join('')}"""`);
const longLiteral = fc
  .array(rarely(oneOf`a ¦ \n ¦ " ¦ ' ¦ '' ¦ \\ ¦ ␣`, fc.constantFrom('\0', '\r')), { maxLength: 5 })
  .map((parts) => `'''${parts.join('')}'''`);

const bare = oneOf`lr ¦ r ¦ alpha ¦ a ¦ b ¦ c ¦ x-y ¦ x_y ¦ 1 ¦ "q k" ¦ 's.t' ¦ "" ¦ -`;
const badKey = oneOf`é ¦ a b ¦ a. ¦ .a ¦ "a ¦ a..b ¦ + ¦ """a""" ¦ a\n ¦ ∅`;
const key = rarely(
  fc.tuple(bare, rarely(fc.constant(''), oneOf`.a ¦ ␣. b ¦ .a.b ¦ ."q"`)).map((parts) => parts.join('')),
  badKey,
);
const equals = rarely(fc.constant(' = '), oneOf`= ¦ \t=\t ¦ ␣ ¦ ␣=\n ¦ :␣ ¦ ␣= # x\n`);

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 5, arbitrary: rarely(fc.constantFrom(...WORDS), fc.constantFrom(...TRAPS)) },
    { weight: 2, arbitrary: fc.oneof(basic, literal, long, longLiteral) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.array(tie('value'), { maxLength: 3 }),
          oneOf`,␣ ¦ , ¦ ,\n␣␣ ¦ ␣, # note\n`,
          rarely(fc.constant(''), fc.constantFrom(',', ',\n', ',,')),
        )
        .map(([items, comma, end]) => `[${items.join(comma)}${end}]`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.uniqueArray(fc.tuple(key, equals, tie('value')), { maxLength: 3, selector: ([name]) => name }),
          rarely(fc.constant(', '), fc.constantFrom(',', ',\n', ' ')),
        )
        .map(([pairs, comma]) => `{ ${pairs.map((pair) => pair.join('')).join(comma)} }`),
    },
  ),
}));

const note = rarely(oneOf`∅ ¦ ∅ ¦ ␣# note ¦ \t`, oneOf`␣x ¦ ␣# \u0000 ¦ ; ¦ ␣# \r`);
const pair = fc.tuple(fc.constantFrom('', '', '  '), key, equals, value, note).map((parts) => parts.join(''));
const table = fc
  .tuple(rarely(oneOf`a ¦ b ¦ c.d ¦ a.b ¦ b . c ¦ "q" ¦ e.f.g`, oneOf`∅ ¦ a. ¦ é ¦ [a ¦ a b`), fc.boolean())
  .map(([name, isList]) => (isList ? `[[${name}]]` : `[${name}]`));
const line = fc.oneof(
  { weight: 6, arbitrary: pair },
  { weight: 2, arbitrary: fc.tuple(table, note).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.constantFrom('', '# note', '  ') },
);

/** Keys that are given once, so that most texts are read; tables may come again. */
const lines = fc.uniqueArray(line, { minLength: 1, maxLength: 8, selector: (text) => text.split('=')[0] });
const namespaces = oneOf`
  [a]\nb.c = 1\n[a.b]\nd = 2\n ¦ [a.b]\nc = 1\n[a]\nd = 2\n ¦ a = {b = 1}\n[a.c]\n ¦ a = [1]\n[[a]]\n
  [[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3\n ¦ a.b = 1\na.c = 2\n ¦ a.b = 1\n[a]\nc = 2\n ¦ [a]\n[a]\n
  [[a]]\n[a]\n ¦ [a]\n[[a]]\n ¦ [a.b.c]\n[a]\nb.d = 1\n ¦ a = 1\na.b = 2\n ¦ [[a.b]]\n[[a.b]]\n[a.b.c]\n
  [a]\nb = 1\n[a.b]\n ¦ [[a]]\n[[a.b]]\nc = 1\n[[a]]\n[[a.b]]\nc = 2\n ¦ [a]\nb.c = 1\nb.d = 2\n
  a.b.c = 1\na.b = 2\n ¦ [a]\nb = {c = 1}\nb.d = 2\n ¦ [[a]]\nb = [{c = 1}]\n[[a.b]]\n
`;

export const tomlText = mutated(
  fc.oneof({ weight: 9, arbitrary: lines.map((all) => `${all.join('\n')}\n`) }, { weight: 1, arbitrary: namespaces }),
);

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
const plainList = fc.oneof(
  fc
    .tuple(fc.array(plainItem, { maxLength: 4 }), gap, oneOf`∅ ¦ , ¦ \n ¦ ,\n`)
    .map(([items, comma, end]) => `[${items.join(comma)}${items.length > 0 ? end : ''}]`),
  fc
    .tuple(fc.array(fc.constantFrom('1', '512', '-3'), { maxLength: 4 }), gap)
    .map(([items, comma]) => `[${items.join(comma)}]`),
  fc
    .tuple(fc.array(oneOf`0.9 ¦ 0.999 ¦ 1e-4 ¦ 1`, { maxLength: 3 }), gap)
    .map(([items, comma]) => `[${items.join(comma)}]`),
  fc
    .array(oneOf`[512, 512] ¦ [1] ¦ [] ¦ ["a"] ¦ ["a, b", " c"] ¦ ["x]"] ¦ [0.5]`, { maxLength: 3 })
    .map((items) => `[${items.join(', ')}]`),
);
const plainTable = fc
  .tuple(
    fc.uniqueArray(
      fc.tuple(
        oneOf`path ¦ type ¦ x-y ¦ a ¦ 1`,
        fc.constantFrom(' = ', '='),
        oneOf`
  '/data/a_b.safetensors' ¦ "a b" ¦ 1 ¦ -2 ¦ 0.5 ¦ true ¦ "" ¦ 'é' ¦ "it: x" ¦ "(a)" ¦ 1e-4 ¦ 0.5e-8 ¦ 0e0 ¦ "a,b"
`,
      ),
      { minLength: 1, maxLength: 3, selector: ([name]) => name },
    ),
    fc.constantFrom(', ', ','),
    fc.constantFrom('', ' '),
  )
  .map(([pairs, comma, space]) => `{${space}${pairs.map((one) => one.join('')).join(comma)}${space}}`);
const plainTables = fc
  .tuple(fc.array(plainTable, { maxLength: 3 }), gap, fc.constantFrom('', '\n', '\n  '))
  .map(([items, comma, line]) => `[${line}${items.join(comma)}${line}]`);
const plainValue = fc.oneof(
  { weight: 1, arbitrary: fc.oneof(plainTable, plainTables) },
  { weight: 3, arbitrary: plainNumber },
  { weight: 3, arbitrary: plainText },
  { weight: 1, arbitrary: fc.constantFrom('true', 'false') },
  { weight: 2, arbitrary: plainList },
);
const plainKey = oneOf`lr ¦ r ¦ network_dim ¦ a ¦ b ¦ x-y ¦ 1 ¦ "q k" ¦ 'q' ¦ a.b ¦ c.d.e`;
const plainPair = fc
  .tuple(
    fc.constantFrom('', '  '),
    plainKey,
    oneOf`␣=␣ ¦ = ¦ ␣␣=␣␣ ¦ ␣=\t`,
    plainValue,
    fc.constantFrom('', ' # note', '  '),
  )
  .map((parts) => parts.join(''));
const plainLine = fc.oneof(
  { weight: 5, arbitrary: plainPair },
  {
    weight: 1,
    arbitrary: oneOf`[a] ¦ [b] ¦ [c.d] ¦ [[e]] ¦ [[e]] ¦ [e.f] ¦ [[c.g]] ¦ # "note" ¦ ∅ ¦ # it's`,
  },
);
const plainToml = fc
  .uniqueArray(plainLine, { minLength: 1, maxLength: 10, selector: (text) => text.split('=')[0] })
  .map((all) => `${all.join('\n')}\n`);

/** For a reader of plain TOML: every other text is plain. */
export const plainTomlText = fc.oneof(tomlText, mutated(plainToml));
