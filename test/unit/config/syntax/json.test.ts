import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../../src/config/syntax/json';
import { nodeAt, scalarAt, type SyntaxNode } from '../../../../src/config/syntax/tree';

function root(text: string): SyntaxNode | null {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.roots[0]?.node ?? null;
}

describe('parseJson', () => {
  it('knows where every value stands', () => {
    const text = '\uFEFF{\r\n\t"a": { "b.c": "2e-4" },\r\n\t"n": null\r\n}';
    const node = nodeAt(root(text), ['a', 'b.c']);
    expect(node?.kind === 'scalar' && text.slice(node.inner.start, node.inner.end)).toBe('2e-4');
    expect(nodeAt(root(text), ['n'])).toMatchObject({ value: null, quoted: false });
  });

  it('takes comments and trailing commas', () => {
    expect(scalarAt(root('{ // one\n "r": 8, /* two */ "a": [1, 2,],\n}'), ['r'])).toBe(8);
  });

  it('holds nothing where there is nothing', () => {
    expect(root('')).toBeNull();
    expect(root('  ')).toBeNull();
  });

  it.each([
    ['{"a": 1 "b": 2}', 8, /","/],
    ['{"a" 1}', 5, /":"/],
    ['{"a": }', 6, /value/],
    ['{"a": 1', 7, /"}"/],
    ['{"a": "x', 6, /closing double quote/],
    ['{"a": nope}', 6, /true, false, null/],
    ['{a: 1}', 1, /./],
  ])('says what is wrong with %s', (text, offset, message) => {
    const parsed = parseJson(text);
    expect(parsed).toMatchObject({ ok: false, offset });
    expect(!parsed.ok && parsed.message).toMatch(message);
  });
});
