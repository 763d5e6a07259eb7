import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../src/config/write/edits';
import { wholeFile } from '../../../../src/config/documents/document';
import type { Run } from '../../../../src/config/understand/run';
import { editsForNew } from '../../../../src/config/write/new-keys';
import type { TreeSyntax } from '../../../../src/config/reading';
import { parseText } from '../../../../src/config/syntax/parse';
import type { Layout } from '../../../../src/config/trainers/trainer';

const layout = { newMaps: { optimizer: { class_path: 'torch.optim.AdamW' } } } as unknown as Layout;

/** `text` with each `path=literal` of `keys` as a new key. */
function grown(text: string, syntax: TreeSyntax, ...keys: string[]): string | null {
  const parsed = parseText(text, syntax);
  const root = parsed.ok ? parsed.roots[0]?.node : undefined;
  if (root?.kind !== 'map') throw new Error('no map');
  const run = { document: wholeFile(text, syntax), root, layout } as unknown as Run;
  const edits = editsForNew(
    run,
    keys.map((each) => {
      const [path = '', literal = ''] = each.split('=');
      return { path: path.split('.'), beside: [], literal };
    }),
  );
  if ('noPlace' in edits) return null;
  const after = applyEdits(text, edits);
  expect(parseText(after, syntax)).toMatchObject({ ok: true });
  return after;
}

describe('editsForNew in YAML', () => {
  it.each<[string, string, string[], string]>([
    [
      'maps that are missing',
      'lr: 1\nx: 2',
      ['a.b.c=3', 'a.b.d=4', 'a.e=5'],
      'lr: 1\nx: 2\na:\n  b:\n    c: 3\n    d: 4\n  e: 5',
    ],
    ['CRLF and an indented document', '    lr: 1\r\n', ['a.b=3'], '    lr: 1\r\n    a:\r\n      b: 3\r\n'],
    ['a flow map', 'a: {b: 1}\n', ['a.c.d=3'], 'a: {b: 1, c: {d: 3}}\n'],
    ['a map of maps', 'a:\n  b:\n    c: 1\n# z\nz: {}\n', ['a.d=3'], 'a:\n  b:\n    c: 1\n  d: 3\n# z\nz: {}\n'],
    [
      'a map that needs a first entry',
      'lr: 1\n',
      ['optimizer.init_args.wd=3'],
      'lr: 1\noptimizer:\n  class_path: torch.optim.AdamW\n  init_args:\n    wd: 3\n',
    ],
    ['keys that need quotes', 'lr: 1\n', ['a.*x=3'], 'lr: 1\na:\n  "*x": 3\n'],
    ['a byte order mark', '\uFEFFa:\n  b:\n    c: 1\n', ['d=1'], '\uFEFFa:\n  b:\n    c: 1\nd: 1\n'],
  ])('%s', (_, text, keys, result) => {
    expect(grown(text, 'yaml', ...keys)).toBe(result);
  });

  it('refuses where something else stands', () => {
    for (const own of ['1', '', 'null', 'AdamW', '{}']) expect(grown(`a: ${own}\nlr: 1\n`, 'yaml', 'a.b=3')).toBeNull();
    expect(grown('a: [1]\nlr: 1\n', 'yaml', 'a.b=3')).toBeNull();
    expect(grown('x: &a\n  b: 1\ny: *a\n', 'yaml', 'x.c=3')).toBeNull();
  });

  it.each<[TreeSyntax, string, string]>([
    ['yaml', 'a: {b: {c: 1}}\n', 'a.d=3'],
    ['json', '{\n  "a": {\n    "x": 1\n  }\n}', 'd=3'],
    ['toml', '[m] # here\n[n]\na = 1\n', 'm.lr=3'],
    ['toml', '[m]\na = [\n  1,\n]\n', 'm.lr=3'],
    ['toml', '[m]\na = 1\n', 'o.lr=3'],
  ])('refuses in %s beside nothing that is one value: %j', (syntax, text, key) => {
    expect(grown(text, syntax, key)).toBeNull();
  });
});

describe('editsForNew in JSON', () => {
  it.each<[string, string, string[], string]>([
    ['maps on lines', '{\n    "lr": 1\n}', ['a.b.c=3'], '{\n    "lr": 1,\n    "a": {"b": {"c": 3}}\n}'],
    ['one line', '{"lr": 1}', ['a.b=3'], '{"lr": 1, "a": {"b": 3}}'],
  ])('%s', (_, text, keys, result) => {
    expect(grown(text, 'json', ...keys)).toBe(result);
  });
});

describe('editsForNew in TOML', () => {
  it.each<[string, string, string[], string]>([
    [
      'a table that is missing',
      'x = 1\n[m]\na = 1\n',
      ['o.lr=3', 'o.args.wd=4'],
      'x = 1\no.lr = 3\no.args.wd = 4\n[m]\na = 1\n',
    ],
    ['a flat file', 'x = 1\n', ['o.lr=3', 'o.wd=4'], 'x = 1\no.lr = 3\no.wd = 4\n'],
    ['a map within a table', '[m]\na = 1 # a\n', ['m.o.lr=3'], '[m]\na = 1 # a\no.lr = 3\n'],
    ['an inline table', 'm = {a = 1}\n', ['m.o.lr=3'], 'm = {a = 1, o = { lr = 3 }}\n'],
  ])('%s', (_, text, keys, result) => {
    expect(grown(text, 'toml', ...keys)).toBe(result);
    const { status, stdout } = spawnSync(
      'python3',
      ['-c', 'import sys,tomllib,json;print(json.dumps(tomllib.loads(sys.stdin.buffer.read().decode())))'],
      { input: result, encoding: 'utf8' },
    );
    // Python 3.11 has a TOML reader of its own; elsewhere ours has judged already.
    if (status === 0) expect(stdout).toContain('"lr": 3');
  });
});
