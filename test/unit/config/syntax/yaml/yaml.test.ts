import { describe, expect, it } from 'vitest';
import { processorTimeOf } from '../../../../support/growth';
import {
  entryAt,
  hasSpread,
  nodeAt,
  scalarAt,
  type Parsed,
  type ScalarNode,
  type SyntaxNode,
} from '../../../../../src/config/syntax/tree';
import { LOADERS, type Loader } from '../../../../../src/config/syntax/loaders';
import { parseYaml } from '../../../../../src/config/syntax/yaml/yaml';
import { plainTrees } from '../trees';

function root(text: string): SyntaxNode | null {
  const parsed = parseYaml(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.roots[0]?.node ?? null;
}
function scalar(text: string, ...path: string[]): ScalarNode {
  const node = nodeAt(root(text), path);
  if (node?.kind !== 'scalar') throw new Error(`no scalar at ${path.join('.')}`);
  return node;
}
const fault = (text: string): Extract<Parsed, { ok: false }> => {
  const parsed = parseYaml(text);
  if (parsed.ok) throw new Error('should be broken');
  return parsed;
};

describe('parseYaml', () => {
  it('knows where every value stands, in UTF-16 units', () => {
    const text = '# 𝛼 → ß\nalpha:   16   # now\n';
    const { inner, raw, value } = scalar(text, 'alpha');
    expect(text.slice(inner.start, inner.end)).toBe('16');
    expect([raw, value]).toEqual(['16', 16]);
  });

  it('puts the range of a quoted value between the quotes', () => {
    for (const text of [`lr: "2e-4"\n`, `lr: '2e-4'\n`]) {
      const { inner, quoted, value } = scalar(text, 'lr');
      expect([text.slice(inner.start, inner.end), quoted, value]).toEqual(['2e-4', true, '2e-4']);
    }
  });

  it('keeps offsets behind a byte order mark and CRLF', () => {
    const text = '\uFEFFa: 1\r\nb:\r\n  c: 2\r\n';
    const { inner } = scalar(text, 'b', 'c');
    expect(text.slice(inner.start, inner.end)).toBe('2');
  });

  it('places an empty value behind its colon', () => {
    const { inner, value } = scalar('a:   # nothing\nb: 1\n', 'a');
    expect([inner, value]).toEqual([{ start: 2, end: 2 }, null]);
  });

  it('reads flow maps, lists and tags', () => {
    const text = 'm: {r: 8, t: [q, v]}\nf: !!float 1\n';
    expect(scalarAt(root(text), ['m', 'r'])).toBe(8);
    expect(scalarAt(root(text), ['f'])).toBe(1);
    expect(entryAt(root(text), ['m', 'r'])?.home).toBe('yaml-flow');
    expect(nodeAt(root(text), ['m', 't'])).toMatchObject({ kind: 'list', items: [{ value: 'q' }, { value: 'v' }] });
  });

  it('follows aliases and merge keys, and locks what they lead to', () => {
    const text = 'base: &b\n  lr: 1.0e-4\n  r: 8\nrun:\n  <<: *b\n  r: 16\nother: *b\n';
    expect(scalarAt(root(text), ['run', 'r'])).toBe(16);
    expect(scalar(text, 'run', 'r').lock).toBeNull();
    expect(scalar(text, 'run', 'lr')).toMatchObject({ value: 1e-4, lock: { code: 'yaml-shared' } });
    expect(scalar(text, 'other', 'lr').lock?.code).toBe('yaml-shared');
    expect(scalar(text, 'base', 'lr').lock?.code).toBe('yaml-shared');
    expect(scalar('a: &x 16\nb: *x\n', 'a').lock?.code).toBe('yaml-shared');
  });

  it('lets the last of two equal keys count', () => {
    expect(scalarAt(root('a: 1\na: 2\n'), ['a'])).toBe(2);
  });

  it('has a root for each of several documents, with a name', () => {
    const parsed = parseYaml('a: 1\n---\n---\na: 2\n');
    expect(parsed.ok && parsed.roots.map(({ node, name }) => [scalarAt(node, ['a']), name])).toEqual([
      [1, 'document 1'],
      [2, 'document 2'],
    ]);
    expect(parseYaml('---\na: 1\n')).toMatchObject({ ok: true, roots: [{ lock: null }] });
    expect(parseYaml('# nothing\n')).toEqual({ ok: true, roots: [] });
  });

  it('ends with aliases of aliases', () => {
    const levels = Array.from(
      { length: 20 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
    );
    const text = `l0: &l0 x\n${levels.join('\n')}\n`;
    expect(processorTimeOf(() => parseYaml(text))).toBeLessThan(1000);
  });

  it.each([
    ['a:\n\tb: 1\n', 2, /tab/],
    ['a: 1\n  b: 2\n', 1, /Nested mappings are not allowed.*second "key:"/],
    ['a: [1\nb: 2\n', 2, /bracket/],
    ['a: 1\nb: "x\n', 2, /closing quote/],
    ["a: 1\nb: '''", 2, /closing quote/],
    ["a: 1\nb: 'it''", 2, /closing quote/],
    ['a: 1\nb: "x\\"', 2, /closing quote/],
    ['a: @x\n', 1, /Quote/],
    ['a: 1\nnonsense\nb: 2\n', 2, /": "/],
    ['a: 1\nb: *nowhere\n', 2, /undefined alias 'nowhere'.*has to name an anchor/],
  ])('says what is wrong with %j, and in which line', (text, line, message) => {
    const { offset, message: said } = fault(text);
    expect(text.slice(0, offset).split('\n').length).toBe(line);
    expect(said).toMatch(/^PyYAML stops here: /);
    expect(said).toMatch(message);
  });

  it.each(['m:\n  x: "a\n  b"\n', 'x: "a\nb"\n', "x: 'a\nb'\n", 'x: [a,\nb]\n', 'm:\n  x: [\n    a,\n]\ny: 1\n'])(
    'leaves alone what goes on in a line without indentation: %j',
    (text) => {
      expect(fault(text).message).toMatch(/^LoRA Alpha does not read .* Indent that line deeper than its key\.$/);
    },
  );

  it.each([
    ['a: x\u0085 y\n', 'U+0085'],
    ['a: x\rb: 1\n', 'U+000d'],
    ['a: |2\n   x\n', '|2 x '],
    ['%TAG !a! tag:yaml.org,2002:\n---\na: 1\n', '%TAG !a! tag:yaml.org,2002:'],
    ['a: {b: ?x}\n', '?x'],
    ['a: [x?y]\n', 'x?y'],
    ['a: [!!str, 1]\n', '!!str'],
    ['a: "x\\\n\n  y"\n', '"x\\ y"'],
    [`{${'a'.repeat(1025)}: 1}\n`, 'a'.repeat(40)],
    ['a: &é 1\n', '&é'],
    [': 1\n', ''],
    ['|\n a\n', '|'],
  ])('leaves alone what PyYAML reads in another way than YAML: %j', (text, source) => {
    expect(fault(text).message).toBe(`LoRA Alpha does not read this YAML: ${source}. Write it in a plainer way.`);
  });

  it('reads a block of text as far as it goes', () => {
    expect(plainTrees(parseYaml('a: |\n  x\n\ty\n'.replace('\n\t', '\n  \t')))).toEqual([{ a: 'x\n\ty\n' }]);
    expect(plainTrees(parseYaml('a: |\n  x'))).toEqual([{ a: 'x' }]);
  });

  it('reads a comment that stands close to a quote or a bracket', () => {
    expect(plainTrees(parseYaml('a: "b"#c\nd: [1]#e\nf: 2\n'))).toEqual([{ a: 'b', d: [1], f: 2 }]);
  });
});

describe('a text in quotes', () => {
  it.each([
    ["a: ''", ''],
    ["a: ''''", "'"],
    ["a: 'it''s'''", "it's'"],
    ['a: ""', ''],
    ['a: "\\\\"', '\\'],
    ['a: "\\""', '"'],
  ])('that ends the file is closed: %s', (text, value) => {
    expect(plainTrees(parseYaml(text))).toEqual([{ a: value }]);
  });
});

describe('anchors and aliases', () => {
  it('say how many places share a value, and where they are', () => {
    const text = 'base: &b\n  lr: 1.0e-4\nrun: *b\nother:\n  <<: *b\n';
    const { lock } = scalar(text, 'base', 'lr');
    expect(lock?.message).toMatch(/anchor &b in line 1, and 2 other places use it \(line 3, 5\)/);
    expect(scalar(text, 'other', 'lr').lock).toEqual(lock);
    expect(entryAt(root(text), ['base', 'lr'])).toMatchObject({ home: undefined });
  });

  it('leave an anchor alone that nobody uses', () => {
    expect(scalar('a: &x 16\nb: 1\n', 'a').lock).toBeNull();
    expect(fault('a: &x 16\nb: &x 8\nc: *x\n').message).toMatch(/found duplicate anchor 'x'/);
  });

  it('end at an alias of what holds it', () => {
    expect(nodeAt(root('a: &a\n  b: *a\n'), ['a', 'b'])).toMatchObject({ kind: 'scalar', unresolved: '*a' });
  });

  it('take "<<" in quotes for a key like any other', () => {
    expect(scalarAt(root('a: &a {x: 1}\nb:\n  "<<": *a\n'), ['b', 'x'])).toBeUndefined();
  });

  it('let the map itself win over the maps it merges', () => {
    const text = 'a: &a {x: 1, y: 1}\nb: &b {z: 2}\nc:\n  <<: [*a, *b]\n  y: 3\n';
    expect(['x', 'y', 'z'].map((name) => scalarAt(root(text), ['c', name]))).toEqual([1, 3, 2]);
  });

  it('leave alone a key with two merged values, as versions of PyYAML disagree which value counts', () => {
    const text = 'a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}\n';
    expect(fault(text).message).toMatch(/does not read this YAML: <<: x\./);
    expect(fault('a: &a {x: 1}\nc:\n  <<: *a\n  <<: {x: 2}\n').message).toMatch(/<<: x/);
    expect(scalar(text.replace('x: 2', 'x: 1'), 'c', 'x').value).toBe(1);
    expect(scalar(text.replace('x: 2', 'x: 1'), 'c', 'y').value).toBe(2);
  });

  it('take a map that merges itself for what else it has, and leave open what holds itself', () => {
    expect(plainTrees(parseYaml('a: &a {<<: *a, k: 1}\n'))).toEqual([{ a: { k: 1 } }]);
    const inner = nodeAt(root('a: &a {b: {<<: *a}}\n'), ['a', 'b']);
    expect(inner?.kind === 'map' && hasSpread(inner)).toBe(true);
  });
});

describe('a loader', () => {
  const STRICT = LOADERS['yaml.safe_load'];
  const stop = (text: string, loader: Loader = STRICT): string => {
    const parsed = parseYaml(text, loader);
    return parsed.ok ? 'reads it' : `${text.slice(0, parsed.offset).split('\n').length}: ${parsed.message}`;
  };

  it.each([
    ['a: 1\nb: !foo 8\n', "2: PyYAML stops here: could not determine a constructor for the tag '!foo'."],
    [
      'a:\t1\n',
      "1: PyYAML stops here: while scanning for the next token: found character '\\t' that cannot start any token.",
    ],
    [
      'a: 1\n---\nb: 2\n',
      '2: PyYAML stops here: expected a single document in the stream, but found another document.',
    ],
    ['a: =\n', "1: PyYAML stops here: could not determine a constructor for the tag 'tag:yaml.org,2002:value'."],
    ['a: 0x_\n', "1: PyYAML stops here: invalid literal for int() with base 16: ''."],
    ['a: 2024-13-01\n', '1: PyYAML stops here: no valid date.'],
    ['a: 2024-01-01 24:00:00\n', '1: PyYAML stops here: no valid date.'],
    ['a: !!int x\n', '1: LoRA Alpha does not read this YAML: !!int x.'],
    ['a: !!seq {}\n', '1: LoRA Alpha does not read this YAML: !!seq.'],
    ['[a]: 1\n', '1: PyYAML stops here: while constructing a mapping: found unhashable key.'],
    ['a: \u0007\n', '1: PyYAML stops here: unacceptable character #x0007: special characters are not allowed.'],
    [`${'a'.repeat(1025)}: 1\n`, '1: PyYAML stops here: The : indicator must be at most 1024 chars'],
    ['a: "\\q"\n', '1: PyYAML stops here: Invalid escape sequence \\q.'],
    ['a: !!set {x}\n', '1: LoRA Alpha does not read this YAML: !!set.'],
    ['%YAML 2.0\n---\na: 1\n', '1: PyYAML stops here: found incompatible YAML document (version 1.* is required).'],
  ])('stops at %j', (text, said) => {
    expect(stop(text).slice(0, said.length)).toBe(said);
  });

  it.each([
    ['a: !!str 16\nb: !!int "0x10"\nc: ! 8\nd: !!float 1\n', { a: '16', b: 16, c: 8, d: 1 }],
    ['yes: 1\n2: a\n~: b\n', { True: 1, 2: 'a', None: 'b' }],
    ['1e-4: 1\n1.5: 2\n', { '1e-4': 1, 1.5: 2 }],
    ['a: [b: 1, c]\n', { a: [{ b: 1 }, 'c'] }],
    ['{a:1, "b":2}\n', { 'a:1': null, b: 2 }],
    ['a: |\n  x\n\n  y\nb: >-\n  x\n  y\n', { a: 'x\n\ny\n', b: 'x y' }],
  ])('reads %j', (text, value) => {
    expect(plainTrees(parseYaml(text, STRICT))).toEqual([value]);
  });

  it('stops at a key that stands twice, where it is OmegaConf', () => {
    expect(stop('a: 1\nb: 2\na: 3\n')).toBe('reads it');
    expect(stop('a: 1\nb: 2\na: 3\n', LOADERS['OmegaConf.load'])).toMatch(
      /^3: OmegaConf stops here: .*duplicate key a/,
    );
    expect(stop('a: 2024-13-01\n', LOADERS['OmegaConf.load'])).toBe('reads it');
  });

  it('takes yes for a text and 010 for ten, where it is ruamel.yaml', () => {
    const parsed = parseYaml('a: yes\nb: 010\nc: 0x10\nd: 1:30\n', LOADERS['ruamel.yaml']);
    expect(plainTrees(parsed)).toEqual([{ a: 'yes', b: 10, c: 16, d: '1:30' }]);
  });

  it('leaves open what a tag of Python makes', () => {
    const parsed = parseYaml('a: !!python/tuple [1]\n', LOADERS['yaml.FullLoader']);
    expect(parsed.ok && nodeAt(parsed.roots[0]?.node ?? null, ['a'])).toMatchObject({ unresolved: '[1]' });
    expect(stop('a: !!python/tuple [1]\n')).toMatch(/could not determine/);
  });
});
