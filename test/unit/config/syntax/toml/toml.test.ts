import { describe, expect, it } from 'vitest';
import { parseToml } from '../../../../../src/config/syntax/toml/toml';
import { entryAt, nodeAt, scalarAt, type SyntaxNode } from '../../../../../src/config/syntax/tree';

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
    ['a = nope\n', 1, /does not expect the "n" here/],
    ['x = 1\na =\n', 2, /value is missing/],
    ['a = 1\na = 2\n', 2, /multiple times/],
    ['[a\nb = 1\n', 1, /./],
  ])('says what is wrong with %j', (text, line, message) => {
    const parsed = parseToml(text);
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(text.slice(0, parsed.offset).split('\n').length).toBeGreaterThanOrEqual(line);
    expect(parsed.message).toMatch(message);
  });
});
