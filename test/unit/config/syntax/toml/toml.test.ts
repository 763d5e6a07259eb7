import { describe, expect, it } from 'vitest';
import { LOADERS } from '../../../../../src/config/syntax/loaders';
import { parseToml } from '../../../../../src/config/syntax/toml/toml';
import { entryAt, nodeAt, scalarAt, type SyntaxNode } from '../../../../../src/config/syntax/tree';
import { plainTrees } from '../trees';

function root(text: string): SyntaxNode | null {
  const parsed = parseToml(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.roots[0]?.node ?? null;
}

describe('parseToml', () => {
  it('knows where every value stands', () => {
    const text = '\uFEFF# ü\r\ndim = 16 # rank\r\n[opt]\r\nname = "AdamW"\r\nlr = 1e-4\r\n';
    const node = nodeAt(root(text), ['opt', 'name']);
    expect(node?.kind === 'scalar' && text.slice(node.inner.start, node.inner.end)).toBe('AdamW');
    expect(scalarAt(root(text), ['dim'])).toBe(16);
    expect(scalarAt(root(text), ['opt', 'lr'])).toBe(1e-4);
  });

  it('reads inline tables, dotted keys, nested tables and arrays of tables', () => {
    const text = 'a = {b = 1}\nc.d = 2\n[e.f]\ng = 3\n[[h]]\ni = 4\n[[h]]\ni = 5\n[h.j]\nk = 6\n';
    expect(scalarAt(root(text), ['a', 'b'])).toBe(1);
    expect(scalarAt(root(text), ['c', 'd'])).toBe(2);
    expect(scalarAt(root(text), ['e', 'f', 'g'])).toBe(3);
    expect(nodeAt(root(text), ['h'])).toMatchObject({ kind: 'list', items: [{ kind: 'map' }, { kind: 'map' }] });
    expect(entryAt(root(text), ['a', 'b'])?.home).toBe('toml-inline');
    expect(entryAt(root(text), ['c', 'd'])?.home).toBe('toml-table');
    expect(entryAt(root('a = { b.c = 1 }\n'), ['a', 'b', 'c'])).toMatchObject({ home: undefined });
  });

  it('reads literal and multi-line texts', () => {
    const text = `a = 'x'\nb = """\ny"""\n`;
    const a = nodeAt(root(text), ['a']);
    expect(a).toMatchObject({ kind: 'scalar', raw: 'x', quoted: true });
    expect(scalarAt(root(text), ['b'])).toBe('y');
  });

  it.each([
    ['a = 1_000\nb = 0x1F\nc = 0o17\nd = -0b11\n', null],
    ['a = 1_000\nb = 0x1F\nc = 0o17\nd = 6.0e-5\ne = -inf\n', { a: 1000, b: 31, c: 15, d: 6e-5, e: -Infinity }],
    ["a = \"\"\"\r\nx\\\r\n  y\"\"\"\r\nb = '''x''''\r\n", { a: 'xy', b: "x'" }],
    ['[[a]]\n[a.b]\nc = 1\n[[a]]\n[a.b]\nc = 2\n', { a: [{ b: { c: 1 } }, { b: { c: 2 } }] }],
    ['[a.b.c]\nd = 1\n[a]\ne = 2024-01-01\n', { a: { b: { c: { d: 1 } }, e: '2024-01-01' } }],
    ['a = [1, # x\n  "y",\n]\n', { a: [1, 'y'] }],
  ])('reads %j', (text, value) => {
    const parsed = parseToml(text, LOADERS['tomllib.load']);
    expect(parsed.ok ? plainTrees(parsed) : null).toEqual(value === null ? null : [value]);
  });

  it('finds places behind carriage returns', () => {
    const text = 'a = 1\r\n[b]\r\nc = "x\\ny"\r\n';
    const node = nodeAt(root(text), ['b', 'c']);
    expect(node?.kind === 'scalar' && text.slice(node.inner.start, node.inner.end)).toBe('x\\ny');
    expect(parseToml('\uFEFFa = 1\n', LOADERS['tomllib.load'])).toMatchObject({ ok: false, offset: 0 });
  });

  it.each([
    ['a = nope\n', 1, /Unexpected character. Strings need quotes/],
    ['x = 1\na =\n', 2, /Unspecified values/],
    ['a = 1\na = 2\n', 2, /multiple times.*set twice/],
    ['[a\nb = 1\n', 1, /on the same line/],
    ['[a]\r\n[a]\r\n', 2, /multiple times/],
    ['a.b = 1\n[a]\n', 2, /multiple times/],
    ['a = {b = 1}\n[a.c]\n', 2, /multiple times/],
    ['a = {b = 1,}\n', 1, /Trailing comma.*on one line/],
    ['a = {b = 1\n}\n', 1, /curly braces.*on one line/],
    ['a = "\\e"\n', 1, /escape sequence/],
    ['a = "\\x41"\n', 1, /escape sequence/],
    ['a = 10:20\n', 1, /tomllib stops here/],
    ['a = 2024-02-30\n', 1, /invalid date/],
    ['a = 01\n', 1, /Leading zeros/],
    ["a = '\r'\n", 1, /invalid character/],
    [`a = ${'9'.repeat(4301)}\n`, 1, /4300 digits/],
  ])('says what is wrong with %j', (text, line, message) => {
    const parsed = parseToml(text);
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(text.slice(0, parsed.offset).split('\n').length).toBeGreaterThanOrEqual(line);
    expect(parsed.message).toMatch(message);
  });
});

describe('the package toml', () => {
  // Each row tried with toml 0.10.2: it stops, or reads another value, at those that are not read here.
  it.each([
    ['lr = 1e-4\nargs = ["betas=0.9,0.99", "x=1"]\nsizes = [[512, 512]]\na.b = true\n["q k"]\np = \'C:\\x\'\n', true],
    ["a = [\n    {path = '/data/a_b', type = 'x'}\n]\n", true],
    ['a = {b = 1, c = [2]}\n', false],
    ['r = 0e0\n', false],
    ['a . b = 1\n', false],
    ['"" = 1\n', false],
    ['"a.b" = 1\n', false],
    ['a = """x"""\n', false],
    ["a = '''\nx'''\n", false],
    ['a = { b = +16 }\n', false],
    ['a = ["eps=[1e-28, 1e-4]", "x{", "y"]\nb = { lr = 4e-5, eps = 0.5e-8 }\n', true],
    ['a = ["double_blocks\\\\.1=1e-3,single=5e-4"]\n', true],
    ['a = ["x", ",y"]\n', false],
    ['a = [["x]", "y"]]\n', false],
    ['a = "it\'s"\n', false],
    ['a = 10:20:30\n', false],
  ])('reads %j: %s', (text, isRead) => {
    expect(parseToml(text).ok).toBe(true);
    const parsed = parseToml(text, LOADERS['toml.load']);
    expect(parsed.ok).toBe(isRead);
    if (!parsed.ok) expect(parsed.message).toMatch(/^The package toml, .* LoRA Alpha does not read the file\.$/);
  });

  it('stops at a list of several types', () => {
    const parsed = parseToml('a = 1\nb = [1, 2.0]\n', LOADERS['toml.load']);
    expect(parsed).toMatchObject({ ok: false, message: 'toml stops here: Not a homogeneous array.' });
  });
});
