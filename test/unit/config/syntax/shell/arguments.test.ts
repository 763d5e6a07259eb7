import { describe, expect, it } from 'vitest';
import { argumentMap, argumentText } from '../../../../../src/config/syntax/shell/arguments';
import { parseToml } from '../../../../../src/config/syntax/toml/toml';
import { nodeAt, scalarAt, type MapNode } from '../../../../../src/config/syntax/tree';

function args(list: string): { text: string; map: MapNode } {
  const text = `args = ${list}\n`;
  const parsed = parseToml(text);
  const node = parsed.ok ? nodeAt(parsed.roots[0]?.node ?? null, ['args']) : null;
  if (node?.kind !== 'list') throw new Error('no list');
  return { text, map: argumentMap(node) };
}

describe('argumentMap', () => {
  it('finds the range of every value within its text', () => {
    const { text, map } = args('["weight_decay=0.01", "betas=0.9,0.99", \'eps = 1e-8\']');
    const at = (key: string): string => {
      const node = nodeAt(map, [key]);
      return node ? text.slice(node.range.start, node.range.end) : '';
    };
    expect([at('weight_decay'), at('betas'), at('eps')]).toEqual(['0.01', '0.9,0.99', '1e-8']);
    expect(scalarAt(map, ['eps'])).toBe(1e-8);
  });

  it.each(['0.9,0.99', '(0.9, 0.99)', '[0.9,0.99]', '( 0.9 ,0.99 )'])('sees the items of the tuple %s', (tuple) => {
    const { text, map } = args(`["betas=${tuple}"]`);
    const items = ['0', '1'].map((item) => nodeAt(map, ['betas', item]));
    expect(items).toMatchObject([{ value: 0.9 }, { value: 0.99 }]);
    expect(items.map((item) => item && text.slice(item.range.start, item.range.end))).toEqual(['0.9', '0.99']);
    expect(nodeAt(map, ['betas', '2'])).toBeNull();
  });

  it('reads Python words', () => {
    const { map } = args('["a=True", "b=None", "c=\'x\'"]');
    expect([scalarAt(map, ['a']), scalarAt(map, ['b']), scalarAt(map, ['c'])]).toEqual([true, undefined, 'x']);
  });

  it('leaves out what is no argument', () => {
    expect(args('["a=1=2", "b", 3, "=4"]').map.entries).toEqual([]);
  });

  it('locks a text with escapes', () => {
    const node = nodeAt(args('["\\u0061=1"]').map, ['\\u0061']);
    expect(node).toMatchObject({ lock: { code: 'escaped-text' } });
  });
});

describe('argumentText', () => {
  it('finds every value of one text', () => {
    const text = 'args = "momentum=0.9, nesterov = true,proj=random"\n';
    const parsed = parseToml(text);
    const node = parsed.ok ? nodeAt(parsed.roots[0]?.node ?? null, ['args']) : null;
    if (node?.kind !== 'scalar') throw new Error('no text');
    const map = argumentText(node);
    expect(map.entries.map(({ key, keyRange }) => [key, text.slice(keyRange.start, keyRange.end)])).toEqual([
      ['momentum', 'momentum'],
      ['nesterov', 'nesterov'],
      ['proj', 'proj'],
    ]);
    expect(map.entries.map(({ value: { range } }) => text.slice(range.start, range.end))).toEqual([
      '0.9',
      'true',
      'random',
    ]);
    expect(['momentum', 'nesterov', 'proj'].map((name) => scalarAt(map, [name]))).toEqual([0.9, true, 'random']);
  });
});
