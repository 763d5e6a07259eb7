import { describe, expect, it } from 'vitest';
import { parseText } from '../../../../../src/config/syntax/parse';
import { nodeAt, type MapNode, type ScalarNode } from '../../../../../src/config/syntax/tree';
import { interpolated } from '../../../../../src/config/understand/recognise/recognise';

function mapOf(text: string): MapNode {
  const parsed = parseText(text, 'yaml');
  const node = parsed.ok ? parsed.roots[0]?.node : undefined;
  if (node?.kind !== 'map') throw new Error(`no map: ${text}`);
  return node;
}

function scalarIn(text: string, path = 'x'): ScalarNode {
  const node = nodeAt(interpolated(mapOf(text)), path.split('.'));
  if (node?.kind !== 'scalar') throw new Error(`no scalar at ${path}: ${text}`);
  return node;
}

describe('interpolated', () => {
  it('leaves a tree without references as it is', () => {
    const root = mapOf('a: {b: 1}\nx: $HOME');
    expect(interpolated(root)).toBe(root);
  });

  it.each(['a: {r: 8}\nx: ${a.r}', 'x: ${ a.r }\na:\n  r: 8', 'a: {r: 8}\nb: {x: [{y: 1}]}\nx: ${a.r}'])(
    'reads %j, locks it, and names the key to change',
    (text) => {
      expect(scalarIn(text)).toMatchObject({ value: 8, lock: { code: 'interpolated' } });
      expect(scalarIn(text).lock?.message).toContain('comes from a.r.');
      expect(scalarIn(text, 'a.r').lock).toBeNull();
    },
  );

  it.each([
    ...['x: ???', 'x: ${y}\ny: ${x}', 'x: ${x}', 'r: 8\ny: ${r}\nx: ${y}', 'x: ${a.b}', 'a: {b: 8}\nx: ${a}'],
    ...['a: [1, 2]\nx: ${a[1]}', 'r: 8\nx: ${.r}', 'k: b\na: {b: 8}\nx: ${a.${k}}', 'r: 16\nx: \\${r}'],
    ...['x: ${oc.env:RANK,16}', 'x: ${multiply:2,3}', 'r: 8\ns: 4\nx: ${r}${s}', `x: ${'${'.repeat(5000)}`],
  ])('does not know %j', (text) => {
    expect(scalarIn(text)).toMatchObject({ value: null, unresolved: expect.any(String) as string });
  });
});
