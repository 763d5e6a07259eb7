import fc from 'fast-check';
import type { Seed } from './seeds';
import { anyCharacter } from '../support/any-character';
import { at, weighted } from '../support/pieces';

/** Pieces that mean something to one of the syntaxes, or are odd in all of them. */
const TOKENS: readonly string[] = [
  ...['"', "'", '"""', "'''", '[', ']', '{', '}', '(', ')', ',', ':', ': ', '- ', '=', '#', '//', '/*', '*/', '\\'],
  ...['&a ', '*a', '<<: *a\n', '!!float ', '!x ', '|\n', '>-\n', '---\n', '...\n', '? ', '%YAML 1.1\n', '@', '`'],
  ...['${a.b}', '${..x}', '${oc.env:X,1}', '${a.${b}}', '${', '???', '$X', '${X:-1}', '$(x)', '%X%', '$env:X'],
  ...['\t', '\r', '\n', '\r\n', ' ', '\0', '\uD800', '\uDC00', '\uFEFF', '\u2028', '\u0085', '😀', 'é'],
  ...['<<EOF\n', 'EOF\n', ' \\\n', ' ^\r\n', ' `\n', ';', '&&', '|', '>', '\\"', '--lora_alpha=8 ', '--', ' a.b=1 '],
  ...['LoraConfig(r=8, lora_alpha=16)', 'r=', 'lora_alpha=', 'dict(', 'f"{x}"', '%%writefile x.yaml\n', '!python x\n'],
  ...['null', 'true', 'False', 'None', '~', '__proto__', 'constructor', 'toString', 'lora_alpha', 'optimizer'],
];

/** What may stand where a value is expected. */
const VALUES: readonly string[] = [
  ...['1e-4', '1.e-4', '5e-05', '.5', '1.', '+1', '-1', '0', '-0', '1_000', '0x10', '010', '1:30', '1e999', '1e-999'],
  ...['16', '16.0', '4096', '0.0002', '1E-4', '"2e-4"', "'16'", '.inf', '.nan', 'nan', '1e5', '99999999999999999999'],
  ...['', 'null', 'true', 'no', '~', '[]', '{}', '[1, 2]', '{a: 1}', '[0.9, 0.999]', '*a', '&a 8', '|', '"', 'x'],
  ...['${rank}', '???', 'constructor', '__proto__', 'adamw', 'Prodigy', 'muon', 'AdamW8bit', 'torch.optim.SGD', 'lora'],
];

type Mutation = (text: string) => string;

const place = fc.nat(1 << 20);
const token = weighted([8, fc.constantFrom(...TOKENS)], [1, fc.string({ unit: anyCharacter, maxLength: 4 })]);

const inserted = fc.tuple(place, token).map(([n, word]) => at(n, (before, behind) => before + word + behind));
const replaced = fc
  .tuple(place, fc.nat(12), token)
  .map(([n, length, word]) => at(n, (before, behind) => before + word + behind.slice(length)));
const cut = fc.tuple(place, fc.nat(80)).map(([n, length]) => at(n, (before, behind) => before + behind.slice(length)));
const ended = place.map((n) => at(n, (before) => before));
const repeated = fc
  .tuple(place, fc.nat(60), fc.integer({ min: 1, max: 4 }))
  .map(([n, length, times]) => at(n, (before, behind) => before + behind.slice(0, length).repeat(times) + behind));
const swapped = fc.tuple(place, place).map(([a, b]): Mutation => (text) => {
  const lines = text.split('\n');
  const [i, j] = [a % lines.length, b % lines.length];
  const [one = '', other = ''] = [lines[i], lines[j]];
  lines[i] = other;
  lines[j] = one;
  return lines.join('\n');
});
const nested = fc
  .tuple(place, fc.integer({ min: 1, max: 300 }), fc.constantFrom('[]', '{}', '()'))
  .map(([n, depth, [open = '', close = '']]) =>
    at(n, (before, behind) => before + open.repeat(depth) + close.repeat(depth % 7 === 0 ? 0 : depth) + behind),
  );
const laidOut = fc.constantFrom<Mutation>(
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => `\uFEFF${text}`,
  (text) => text.trimEnd(),
  (text) => text.replace(/^(?=.)/gm, '    '),
  (text) => text.replaceAll('  ', '\t'),
  (text) => text.replace(/^/gm, '# '),
  (text) => text.split('\n').reverse().join('\n'),
);
/** Another value on a line that has a key. */
const valued = fc.tuple(place, fc.constantFrom(...VALUES)).map(([n, value]): Mutation => (text) => {
  const places = [...text.matchAll(/[:=][ \t]*/g)].map((match) => match.index + match[0].length);
  const start = places[n % Math.max(1, places.length)];
  if (start === undefined) return text + value;
  const end = /[\s,;)}\]#]|$/.exec(text.slice(start))?.index ?? 0;
  return text.slice(0, start) + value + text.slice(start + end);
});

const mutation = weighted(
  ...([
    [6, valued],
    [4, inserted],
    [3, replaced],
    [2, cut],
    [2, repeated],
    [2, swapped],
    [2, laidOut],
  ] as const),
  ...([
    [1, ended],
    [1, nested],
  ] as const),
);

/** A seed after up to four mutations; now and then pieces of two seeds in one text. */
export function mutants(seeds: readonly Seed[]): fc.Arbitrary<Seed> {
  const seed = fc.constantFrom(...seeds);
  const spliced = fc.tuple(seed, seed, place, place).map(([one, other, a, b]) => ({
    path: one.path,
    text: at(a, (before) => before)(one.text) + at(b, (_, behind) => behind)(other.text),
  }));
  return fc
    .tuple(weighted([9, seed], [1, spliced]), fc.array(mutation, { minLength: 0, maxLength: 4 }))
    .map(([{ path, text }, mutations]) => ({ path, text: mutations.reduce((now, mutate) => mutate(now), text) }));
}
