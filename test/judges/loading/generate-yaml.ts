import fc from 'fast-check';
import { joined, mutated, quoted, rarely } from './mutate';
import { nested, oneOf, pieces, weighted } from '../../support/pieces';

/** Words without quotes that PyYAML reads, each as something. */
const WORDS = pieces`
  null ¦ Null ¦ ~ ¦ true ¦ True ¦ TRUE ¦ yes ¦ Yes ¦ no ¦ on ¦ Off ¦ y ¦ n ¦ tRue ¦ nan ¦ inf ¦ None ¦ 16 ¦ 0 ¦ -0
  +1 ¦ 1_000 ¦ 1__0 ¦ _1 ¦ 010 ¦ 08 ¦ 0o17 ¦ 0x1F ¦ -0x1f ¦ 0b101 ¦ 0_7 ¦ 00 ¦ 1_ ¦ 0x_1 ¦ 1e-4 ¦ 1.e-4 ¦ 1.0e-4
  1E5 ¦ 1.0E+5 ¦ 5. ¦ .5 ¦ -.5 ¦ +.5 ¦ .5_0 ¦ 1.0e+999 ¦ 1e999 ¦ 1.0e-999 ¦ .5e3 ¦ .5e+3 ¦ 1:30 ¦ 1:30.5
  -1:59:59 ¦ 1:60 ¦ 01:30 ¦ 190:20:30 ¦ 0:30.5 ¦ .inf ¦ -.Inf ¦ +.INF ¦ .nan ¦ .NaN ¦ +.nan ¦ -.nan ¦ 2024-01-01
  2024-1-1 ¦ 2024-01-01 10:00:00 ¦ 2024-01-01t1:02:03.5 +01:30 ¦ 2024-02-29 ¦ 2024-01-01T10:00:00Z
  99999999999999999999 ¦ 123456789012345678901234567890.5 ¦ ?x ¦ :x ¦ -x ¦ a#b ¦ a:b ¦ a "b" ¦ it's ¦ a, b
  two words ¦ adamw_torch ¦ \u0024{rank} ¦ ??? ¦ all-linear ¦ C:\\x ¦ http://a.b/c?d=1 ¦ a-b ¦ a=b ¦ \\d+ ¦ é ¦ 😀
  \u00a0 ¦ a\u0085 b
`;
/** Words that stop it, or mean something else than they say. */
const TRAPS = pieces`
  0b ¦ 0x_ ¦ 2024-13-01 ¦ 2024-02-30 ¦ 2024-01-01T25:00:00Z ¦ 2023-02-29 ¦ = ¦ << ¦ - ¦ ? ¦ : ¦ a: b ¦ a #b ¦ - x
  "x ¦ 'x ¦ [x ¦ x] ¦ @x ¦ \u0060x ¦ %x ¦ !x ¦ &x ¦ *x ¦ | ¦ > ¦ ._ ¦ . ¦ a\tb ¦ a:\tb ¦ \tx ¦ {a ¦ , ¦ --- x
  ...
`;

const numeric = fc.string({ unit: fc.constantFrom(...'0123789_.eE+-:xbof'), minLength: 1, maxLength: 7 });
const odd = fc.string({
  unit: fc.constantFrom(...'ab01 \t:#-?,[]{}&*!|>\'"%@`\\=~.\u0085\u2028é'),
  minLength: 1,
  maxLength: 8,
});

const part = oneOf`a ¦ b c ¦ 1e-4 ¦ ␣ ¦ # ¦ :␣ ¦ \n␣ ¦ \n\n␣␣ ¦ \t ¦ é ¦ \u2028␣ ¦ --- ¦ \r\n␣`;
const escape = oneOf`
  \\n ¦ \\t ¦ \\x41 ¦ \\u00e9 ¦ \\U0001F600 ¦ \\/ ¦ \\" ¦ \\\\ ¦ \\e ¦ \\N ¦ \\_ ¦ \\␣ ¦ \\\n␣␣ ¦ \\0 ¦ \\L
`;
const badEscape = oneOf`\\q ¦ \\u12 ¦ \\U00110000 ¦ \n---␣ ¦ \n...\n ¦ \u0000`;
const double = quoted('"', rarely(fc.oneof(part, escape), badEscape), 4);
const inSingle = odd.map((text) => text.replaceAll("'", "''"));
const single = quoted("'", fc.oneof(part, fc.constantFrom("''", '"', '\\'), inSingle), 3);

const scalar = rarely(
  weighted([6, fc.constantFrom(...WORDS)], [2, numeric], [1, double], [1, single]),
  fc.oneof(fc.constantFrom(...TRAPS), odd),
);

const TYPED = pieces`
  !!str 16 ¦ !!int "16" ¦ !!int 0x1F ¦ !!int " 7 " ¦ !!float 1 ¦ !!float 1_0.5 ¦ !!float nan ¦ !!bool "Yes"
  !!null x ¦ ! 16 ¦ ! '1' ¦ !!timestamp 2024-1-1 ¦ !!binary aGk= ¦ !<tag:yaml.org,2002:int> 7 ¦ !!str ¦ !!null
  !!map {} ¦ !!seq [] ¦ !!set {a} ¦ !!omap [a: 1]
`;
const BAD_TYPED = pieces`
  !foo 8 ¦ !!int x ¦ !!int ¦ !!float x ¦ !!bool maybe ¦ !!seq x ¦ !!map [] ¦ !!int [] ¦ !!timestamp x ¦ !!binary a
  !a!b 1 ¦ !!python/tuple [1] ¦ !!python/none ¦ !!merge x ¦ !!value x ¦ !!int 1.5 ¦ !<x ¦ !! ¦ !%zz x
  !!float 0x1F
`;
const leaf = rarely(
  scalar,
  fc.oneof(fc.constantFrom(...TYPED), rarely(fc.constantFrom(...TYPED), fc.constantFrom(...BAD_TYPED))),
);

const KEYS = pieces`lr ¦ r ¦ alpha ¦ a ¦ b ¦ x-y ¦ é ¦ "q" ¦ 's' ¦ k1 ¦ k2 ¦ two words`;
const ODD_KEYS = [
  ...pieces`
  yes ¦ 1 ¦ 0x1 ¦ ? z ¦ = ¦ "<<" ¦ << ¦ !!str 1 ¦ 1.5 ¦ ~ ¦ 2024-01-01 ¦ [a] ¦ {a: 1} ¦ *a ¦ !!merge m
`,
  'a'.repeat(1025),
];
const key = rarely(fc.constantFrom(...KEYS), fc.constantFrom(...ODD_KEYS));
const colon = rarely(fc.constant(':'), oneOf`␣: ¦ :\t ¦ ␣ ¦ \t:`);
const comment = rarely(fc.constant(''), rarely(fc.constant(' # note'), fc.constantFrom('#near', '\t# tab', '\t')));

type Block = (indent: number) => string;

const { block } = fc.letrec<Record<'flow', string> & Record<'block', Block>>((tie) => {
  const onLine = fc.tuple(tie('flow'), comment).map((parts) => () => ` ${parts.join('')}\n`);
  return {
    flow: nested(3, [4, leaf], [1, flowList(tie('flow'))], [1, flowMap(tie('flow'))]),
    block: nested<Block>(3, [4, onLine], [1, blockText()], [4, blockMap(tie('block'))], [1, blockList(tie('block'))]),
  };
});

function flowList(item: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const comma = rarely(fc.constantFrom(', ', ','), oneOf`␣,\n␣␣ ¦ ,\n ¦ ∅ ¦ ,, ¦ ␣# x\n,`);
  return fc.tuple(fc.array(item, { maxLength: 3 }), comma).map(([items, mark]) => `[${items.join(mark)}]`);
}

function flowMap(item: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const mark = rarely(fc.constant(': '), fc.constantFrom(':', ' : ', ''));
  const comma = rarely(fc.constant(', '), fc.constantFrom(',\n    ', ','));
  const pairs = fc.array(joined(key, mark, item), { maxLength: 3 });
  return fc.tuple(pairs, comma).map(([all, between]) => `{${all.join(between)}}`);
}

function blockMap(value: fc.Arbitrary<Block>): fc.Arbitrary<Block> {
  const pairs = fc.array(fc.tuple(key, colon, value), { minLength: 1, maxLength: 4 });
  return fc
    .tuple(rarely(fc.constant(''), fc.constantFrom(' &a', ' !!map', '\t')), pairs, fc.integer({ min: 1, max: 3 }))
    .map(
      ([mark, all, step]): Block =>
        (indent) =>
          `${mark}\n${all.map(([name, sign, item]) => `${' '.repeat(indent)}${name}${sign}${item(indent + step)}`).join('')}`,
    );
}

function blockList(value: fc.Arbitrary<Block>): fc.Arbitrary<Block> {
  return fc.tuple(fc.array(value, { minLength: 1, maxLength: 3 }), fc.constantFrom(0, 0, 1)).map(
    ([items, less]): Block =>
      (indent) =>
        `\n${items.map((item) => `${' '.repeat(Math.max(0, indent - less))}-${item(indent + 2)}`).join('')}`,
  );
}

function blockText(): fc.Arbitrary<Block> {
  const header = rarely(oneOf`| ¦ > ¦ |- ¦ >+ ¦ |+ ¦ >-`, oneOf`|2 ¦ >-1 ¦ |0 ¦ | # note ¦ |x ¦ |9`);
  const line = oneOf`text ¦ ␣␣deeper ¦ ∅ ¦ # no note ¦ a: b ¦ \ttab ¦ - x ¦ ␣ ¦ 1e-4`;
  return fc.tuple(header, fc.array(line, { maxLength: 4 })).map(
    ([mark, lines]): Block =>
      (indent) =>
        ` ${mark}\n${lines.map((each) => (each === '' ? '\n' : `${' '.repeat(indent)}${each}\n`)).join('')}`,
  );
}

/** Anchors, and what takes them: merge keys, aliases, an alias of its own. */
const shared = oneOf`
  base: &b\n  lr: 1.0e-4\n  r: 8\nrun:\n  <<: *b\n  r: 16\nother: *b\n ¦ a: &x 16\nb: *x\n ¦ a: &x {y: *x}\n
  a: &x [*x]\n ¦ a: &a {k: 1}\nb: &b {k: 2}\nc: {<<: [*a, *b]}\n ¦ a: &a {k: 1}\nb: {!!merge <<: *a}\n
  a: &a 1\nb: {<<: *a}\n ¦ a: &a {<<: *a, k: 1}\n ¦ a: &a {b: {<<: *a}, c: 2}\n
  a: &a {k: 1}\nb:\n  <<: *a\n  <<: {k: 2}\n ¦ a: &a [1]\nb: {<<: *a}\n ¦ &k a: 1\nb: *k\n ¦ ? &k a\n: 1\n*k : 2\n
  a: &x 1\nb: &x 2\nc: *x\n ¦ a: &a {k: 1, l: 2}\nb: &b {k: 1}\nc: {<<: [*a, *b], l: 3}\n ¦ a: &é 1\n
  a: &x\nb: *x\n ¦ a: *x\nb: &x 1\n ¦ - &a a\n- *a\n- {*a : 1}\n
`;

const head = rarely(
  oneOf`∅ ¦ ∅ ¦ ---\n ¦ # note\n ¦ \n`,
  oneOf`
  ---␣ ¦ %YAML 1.1\n---\n ¦ %YAML 2.0\n---\n ¦ %TAG !a! tag:yaml.org,2002:\n---\n ¦ ...\n ¦ %x\n ¦ \ufeff
`,
);
const tail = rarely(oneOf`∅ ¦ ∅ ¦ # end ¦ ␣␣\n ¦ ...\n`, oneOf`---\n ¦ ---\na: 1\n ¦ ... x\n ¦ %x\n`);
const body = weighted([9, block.map((text) => text(0).replace(/^ *\n/, ''))], [1, shared]);

export const yamlText = mutated(joined(head, body, tail));
