/** What an expression comes to: a value, or that it has none (and whether for good, as OmegaConf stops on it). */
export type Expected = { value: unknown } | 'elsewhere' | 'loop' | 'broken';

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

/** Recorded from OmegaConf 2.3.0 and 2.4.0, with no such environment variable set. */
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
  value('a: {r: {s: 5}, x: "${.r[s]}"}', 5, ['a', 'x']),
  value('x: [7, "${.0}"]', 7, ['x', 1]),
  value('r: 6\nx: ["${..r}"]', 6, ['x', 0]),
  not('r: 3\nx: ${....r}', 'elsewhere'),
  // Brackets.
  value('a: {b: 8}\nx: ${a[b]}', 8),
  value('a: {b: 8}\nx: ${[a].b}', 8),
  value('a: {b: 8}\nx: ${[a][b]}', 8),
  value('a: [1, 2]\nx: ${a[1]}', 2),
  value('a: [1, 2]\nx: ${a.0}', 1),
  value('a: [{b: 9}]\nx: ${a[0].b}', 9),
  // Nested.
  value('k: b\na: {b: 8}\nx: ${a.${k}}', 8),
  value('k: b\na: {b: 8}\nx: ${a[${k}]}', 8),
  value('k: a.b\na: {b: 8}\nx: ${${k}}', 8),
  value('i: "1"\na: [3, 4]\nx: ${a.${i}}', 4),
  value('p: {q: k}\nk: b\na: {b: 8}\nx: ${a.${${p.q}}}', 8),
  not('k: b\na: {b: 8}\nx: ${a${k}}', 'broken'),
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
  // Escapes.
  value('r: 16\nx: \\${r}', '${r}'),
  value('r: 16\nx: \\\\${r}', '\\16'),
  value('r: 16\nx: \\\\\\${r}', '\\${r}'),
  value('r: 16\nx: a\\b${r}', 'a\\b16'),
  value('r: 16\nx: \\${r} ${r}', '${r} 16'),
  value('x: $r', '$r'),
  value('x: $', '$'),
  // Whole maps and lists.
  value('a: {b: 8, c: "${.b}"}\nx: ${a}', { b: 8, c: 8 }),
  value('a: [1, 2]\nx: ${a}', [1, 2]),
  value('t: [q, v]\nx: ["${t[0]}", k]', ['q', 'k']),
  // Resolvers of OmegaConf.
  value('x: ${oc.env:LORA_ALPHA_UNSET,16}', '16'),
  value('x: ${oc.env:LORA_ALPHA_UNSET,2e-4}', '0.0002'),
  value('x: ${oc.env:LORA_ALPHA_UNSET,null}', null),
  value('x: ${oc.env:LORA_ALPHA_UNSET,"a, b"}', 'a, b'),
  value('r: 4\nx: ${oc.env:LORA_ALPHA_UNSET,${r}}', '4'),
  value('x: ${oc.env:LORA_ALPHA_UNSET, a b }', 'a b'),
  value('x: ${oc.env:LORA_ALPHA_UNSET,true}', 'True'),
  not('x: ${oc.env:LORA_ALPHA_UNSET}', 'elsewhere'),
  value('x: ${oc.decode:${oc.env:LORA_ALPHA_UNSET,16}}', 16),
  value('x: ${oc.decode:"2e-4"}', 2e-4),
  value('x: ${oc.decode:null}', null),
  value('x: ${oc.decode:"null"}', null),
  value("r: 4\nx: ${oc.decode:'${r}'}", 4),
  not('x: ${oc.decode:16}', 'broken'),
  value('a: {b: 4}\nx: ${oc.select:a.b,8}', 4),
  value('x: ${oc.select:a.b,8}', 8),
  value('x: ${oc.select:a.b}', null),
  value('a: ???\nx: ${oc.select:a,8}', 8),
  value('a: null\nx: ${oc.select:a,8}', null),
  value('r: 4\nx: ${oc.select:a.b,${r}}', 4),
  value('a: {r: 4, x: "${oc.select:.r,8}"}', 4, ['a', 'x']),
  // What is not in the file.
  not('x: ???', 'elsewhere'),
  not('r: ???\nx: ${r}', 'elsewhere'),
  not('r: ???\nx: r${r}', 'elsewhere'),
  not('x: ${gone}', 'elsewhere'),
  not('a: {b: 1}\nx: ${a.c}', 'elsewhere'),
  not('a: 1\nx: ${a.c}', 'elsewhere'),
  not('x: ${now:%Y}', 'elsewhere'),
  not('x: ${eval:1+1}', 'elsewhere'),
  not('a: [1]\nx: ${a[1]}', 'elsewhere'),
  not('a: [1]\nx: ${a.b}', 'elsewhere'),
  // What comes back to itself.
  not('x: ${x}', 'loop'),
  not('x: ${y}\ny: ${x}', 'loop'),
  not('x: a${y}\ny: ${z}\nz: ${x}', 'loop'),
  not('x: {y: "${x}"}', 'loop', ['x', 'y']),
  // What OmegaConf cannot read.
  not('x: ${', 'broken'),
  not('x: ${}', 'broken'),
  not('x: ${a', 'broken'),
  not('x: ${a b}', 'broken'),
  not('x: ${a..b}', 'broken'),
  not('x: ${a.}', 'broken'),
  not('x: ${oc.env:A', 'broken'),
];
