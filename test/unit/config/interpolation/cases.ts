/** What an expression comes to: a value, or that it has none. */
export type Expected = { value: unknown } | 'elsewhere' | 'loop';

export interface Case {
  /** YAML of a whole config; the expression stands at `at`. */
  text: string;
  /** `x` unless given. */
  at?: readonly (string | number)[];
  expected: Expected;
}

const value = (text: string, of: unknown, at?: Case['at']): Case => ({
  text,
  expected: { value: of },
  ...(at ? { at } : {}),
});
const not = (text: string, expected: Extract<Expected, string>, at?: Case['at']): Case => ({
  text,
  expected,
  ...(at ? { at } : {}),
});

/** Recorded from OmegaConf 2.3.0 and 2.4.0, where an expression without a value makes OmegaConf stop. */
export const CASES: readonly Case[] = [
  // Paths from the root.
  value('r: 16\nx: ${r}', 16),
  value('a: {b: 8}\nx: ${a.b}', 8),
  value('a: {b: {c: 2e-4}}\nx: ${a.b.c}', 2e-4),
  value('a: {b: 8}\nx: ${ a.b }', 8),
  value('a: {b: 8}\nx: "${a.b}"', 8),
  value('r: 16\nx: {y: "${r}"}', 16, ['x', 'y']),
  value('r: true\nx: ${r}', true),
  value('r: null\nx: ${r}', null),
  value('r: text\nx: ${r}', 'text'),
  value('r: "16"\nx: ${r}', '16'),
  value('lora-rank: 4\nx: ${lora-rank}', 4),
  value('a/b: 4\nx: ${a/b}', 4),
  // Relative ones.
  value('a: {r: 8, x: "${.r}"}', 8, ['a', 'x']),
  value('r: 4\na: {x: "${..r}"}', 4, ['a', 'x']),
  value('a: {r: 2, b: {x: "${..r}"}}', 2, ['a', 'b', 'x']),
  value('r: 1\na: {b: {x: "${...r}"}}', 1, ['a', 'b', 'x']),
  value('r: 3\nx: ${.r}', 3),
  value('a: {r: {s: 5}, x: "${.r.s}"}', 5, ['a', 'x']),
  value('x: [7, "${.0}"]', 7, ['x', 1]),
  value('r: 6\nx: ["${..r}"]', 6, ['x', 0]),
  not('r: 3\nx: ${....r}', 'elsewhere'),
  // Chains.
  value('r: 16\ns: ${r}\nx: ${s}', 16),
  value('x: ${s}\ns: ${t}\nt: ${r}\nr: 16', 16),
  value('a: ${b}\nb: {c: 8}\nx: ${a.c}', 8),
  value('a: {r: 2, s: "${.r}"}\nx: ${a.s}', 2),
  value('a: &d {r: 2, s: "${.r}"}\nb: {<<: *d, r: 3}\nx: ${b.s}', 3),
  // Text around.
  value('r: 16\nx: r${r}', 'r16'),
  value('r: 16\na: 32\nx: ${r}-${a}', '16-32'),
  value('r: 16\nx: ${r}${r}', '1616'),
  value('r: 16.0\nx: r${r}', 'r16.0'),
  value('r: 2e-5\nx: lr${r}', 'lr2e-05'),
  value('r: 0.0002\nx: lr${r}', 'lr0.0002'),
  value('r: true\nx: b-${r}', 'b-True'),
  value('r: null\nx: n-${r}', 'n-None'),
  value('r: 16.0\ns: ${r}\nx: r${s}', 'r16.0'),
  // Whole maps and lists.
  value('a: {b: 8, c: "${.b}"}\nx: ${a}', { b: 8, c: 8 }),
  value('a: [1, 2]\nx: ${a}', [1, 2]),
  value('t: [q, v]\nx: ["${t.0}", k]', ['q', 'k']),
  // What is not in the file.
  not('x: ???', 'elsewhere'),
  not('r: ???\nx: ${r}', 'elsewhere'),
  not('r: ???\nx: r${r}', 'elsewhere'),
  not('x: ${gone}', 'elsewhere'),
  not('a: {b: 1}\nx: ${a.c}', 'elsewhere'),
  not('a: 1\nx: ${a.c}', 'elsewhere'),
  not('x: ${now:%Y}', 'elsewhere'),
  not('x: ${eval:1+1}', 'elsewhere'),
  not('a: [1]\nx: ${a.1}', 'elsewhere'),
  not('a: [1]\nx: ${a.b}', 'elsewhere'),
  // What comes back to itself.
  not('x: ${x}', 'loop'),
  not('x: ${y}\ny: ${x}', 'loop'),
  not('x: a${y}\ny: ${z}\nz: ${x}', 'loop'),
  not('x: {y: "${x}"}', 'loop', ['x', 'y']),
  // What OmegaConf cannot read.
  not('x: ${', 'elsewhere'),
  not('x: ${}', 'elsewhere'),
  not('x: ${a', 'elsewhere'),
  not('x: ${a b}', 'elsewhere'),
  not('x: ${a..b}', 'elsewhere'),
  not('x: ${a.}', 'elsewhere'),
  not('x: ${oc.env:A', 'elsewhere'),
];
