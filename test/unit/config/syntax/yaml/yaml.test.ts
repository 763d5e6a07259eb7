import { describe, expect, it } from 'vitest';
import { processorTimeOf } from '../../../../support/growth';
import {
  entryAt,
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

  it('reads flow maps and lists', () => {
    const text = 'm: {r: 8, t: [q, v]}\n';
    expect(scalarAt(root(text), ['m', 'r'])).toBe(8);
    expect(entryAt(root(text), ['m', 'r'])?.home).toBe('yaml-flow');
    expect(nodeAt(root(text), ['m', 't'])).toMatchObject({ kind: 'list', items: [{ value: 'q' }, { value: 'v' }] });
  });

  it('follows no alias, and locks what has an anchor', () => {
    const text = 'base: &b\n  lr: 1.0e-4\nother: *b\na: &x 16\nb: *x\n';
    expect(scalar(text, 'base', 'lr')).toMatchObject({ value: 1e-4, lock: { code: 'yaml-shared' } });
    expect(entryAt(root(text), ['base', 'lr'])).toMatchObject({ home: undefined });
    expect(scalar(text, 'a')).toMatchObject({ value: 16, lock: { code: 'yaml-shared' } });
    expect(scalar(text, 'other')).toMatchObject({ value: null, unresolved: '*b', lock: { code: 'yaml-alias' } });
    expect(scalar(text, 'b')).toMatchObject({ value: null, unresolved: '*x' });
    expect(nodeAt(root('a: &a\n  b: *a\n'), ['a', 'b'])).toMatchObject({ kind: 'scalar', unresolved: '*a' });
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
    expect(parseYaml('---\na: 1\n')).toMatchObject({ ok: true, roots: [{}] });
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
    ['a: 1\n  b: 2\n', 1, /Nested mappings are not allowed.*second "key:"/],
    ['a: @x\n', 1, /Quote/],
    ['a: 1\nnonsense\nb: 2\n', 2, /": "/],
    ['a: 1\nb: *nowhere\n', 2, /undefined alias 'nowhere'.*has to name an anchor/],
    ['a: &x 16\nb: &x 8\nc: *x\n', 2, /found duplicate anchor 'x'/],
  ])('says what is wrong with %j, and in which line', (text, line, message) => {
    const { offset, message: said } = fault(text);
    expect(text.slice(0, offset).split('\n').length).toBe(line);
    expect(said).toMatch(/^PyYAML stops here: /);
    expect(said).toMatch(message);
  });

  it.each([
    ['m:\n  x: "a\n  b"\n', 2],
    ['x: "a\nb"\n', 1],
    ["x: 'a\nb'\n", 1],
    ['x: [a,\nb]\n', 2],
    ['m:\n  x: [\n    a,\n]\ny: 1\n', 4],
    ['a: 1\nb: "x\n', 2],
    ['a: [1\nb: 2\n', 2],
    ["a: 1\nb: '''", 2],
    ["a: 1\nb: 'it''", 2],
    ['a: 1\nb: "x\\"', 2],
  ])('leaves alone what is not closed, or goes on in a line without indentation: %j', (text, line) => {
    const { offset, message } = fault(text);
    expect(message).toMatch(/is not closed, or it goes on in a line without indentation/);
    expect(text.slice(0, offset).split('\n').length).toBe(line);
  });

  it.each(['a:\n\tb: 1\n', 'a: "x\ty"\n', 'a: |\n  x\n  \ty\n', 'a: 1\t# x\n'])('leaves alone tabs: %j', (text) => {
    expect(fault(text)).toMatchObject({ offset: text.indexOf('\t'), message: expect.stringContaining('Use spaces') });
    expect(plainTrees(parseYaml(' # \tnote\na: 1\n'))).toEqual([{ a: 1 }]);
  });

  it.each([
    ['a: x\u0085 y\n', 'U+0085'],
    ['a: x\rb: 1\n', 'U+000d'],
    ['a: |2\n   x\n', '|2 x '],
    ['%TAG !a! tag:yaml.org,2002:\n---\na: 1\n', '%TAG !a! tag:yaml.org,2002:'],
    ['a: {b: ?x}\n', '?x'],
    ['a: [x?y]\n', 'x?y'],
    ['a: [!!str, 1]\n', '!!str'],
    ['a: !!float 1\n', '!!float'],
    ['a: !foo 8\n', '!foo'],
    ['a: !!python/tuple [1]\n', '!!python/tuple'],
    ['a: &a {x: 1}\nb:\n  <<: *a\n', '<<'],
    ['a: &a x\n*a : 1\n', '*a'],
    ['a: =\n', '='],
    ['a: "x\\\n\n  y"\n', '"x\\ y"'],
    [`{${'a'.repeat(1025)}: 1}\n`, 'a'.repeat(40)],
    ['a: &é 1\n', '&é'],
    [': 1\n', ''],
    ['|\n a\n', '|'],
  ])('leaves alone what PyYAML reads in another way than YAML: %j', (text, source) => {
    expect(fault(text).message).toBe(`LoRA Alpha does not read this YAML: ${source}. Write it in a plainer way.`);
  });

  it('reads a block of text as far as it goes', () => {
    expect(plainTrees(parseYaml('a: |\n  x\n   y\n'))).toEqual([{ a: 'x\n y\n' }]);
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

describe('a loader', () => {
  const STRICT = LOADERS['yaml.safe_load'];
  const stop = (text: string, loader: Loader = STRICT): string => {
    const parsed = parseYaml(text, loader);
    return parsed.ok ? 'reads it' : `${text.slice(0, parsed.offset).split('\n').length}: ${parsed.message}`;
  };

  it.each([
    [
      'a: 1\n---\nb: 2\n',
      '2: PyYAML stops here: expected a single document in the stream, but found another document.',
    ],
    ['a: 0x_\n', "1: PyYAML stops here: invalid literal for int() with base 16: ''."],
    ['a: 2024-13-01\n', '1: LoRA Alpha does not read this YAML: 2024-13-01.'],
    ['a: 2023-02-29\n', '1: LoRA Alpha does not read this YAML: 2023-02-29.'],
    ['a: 2024-01-01 10:00:00\n', '1: LoRA Alpha does not read this YAML: 2024-01-01 10:00:00.'],
    ['[a]: 1\n', '1: PyYAML stops here: while constructing a mapping: found unhashable key.'],
    ['a: \u0007\n', '1: PyYAML stops here: unacceptable character #x0007: special characters are not allowed.'],
    [`${'a'.repeat(1025)}: 1\n`, '1: PyYAML stops here: The : indicator must be at most 1024 chars'],
    ['a: "\\q"\n', '1: PyYAML stops here: Invalid escape sequence \\q.'],
    ['%YAML 2.0\n---\na: 1\n', '1: LoRA Alpha does not read this YAML: %YAML 2.0.'],
  ])('stops at %j', (text, said) => {
    expect(stop(text).slice(0, said.length)).toBe(said);
  });

  it.each([
    ['a: 2024-02-29\nb: 2024-1-5 x\n', { a: '2024-02-29', b: '2024-1-5 x' }],
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
});
