import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOADERS } from '../../../../../src/config/syntax/loaders';
import { parseJson } from '../../../../../src/config/syntax/json/json';
import { nodeAt, scalarAt, type ScalarNode, type SyntaxNode } from '../../../../../src/config/syntax/tree';

function root(text: string): SyntaxNode | null {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.roots[0]?.node ?? null;
}

function scalarsOf(node: SyntaxNode | null): ScalarNode[] {
  if (node === null) return [];
  if (node.kind === 'scalar') return [node];
  return node.kind === 'list' ? node.items.flatMap(scalarsOf) : node.entries.flatMap(({ value }) => scalarsOf(value));
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

  it('reads the numbers that only Python has words for', () => {
    const text = '{"n": NaN, "i": [Infinity,-Infinity], /* NaN */ "NaN": "NaN", "s": "\\"Infinity", "r": 8} // NaN';
    const tree = root(text);
    expect(nodeAt(tree, ['n'])).toMatchObject({ value: Number.NaN, raw: 'NaN', range: { start: 6, end: 9 } });
    expect(nodeAt(tree, ['i', '0'])).toMatchObject({ value: Infinity, raw: 'Infinity' });
    expect(nodeAt(tree, ['i', '1'])).toMatchObject({ value: -Infinity, raw: '-Infinity' });
    expect(scalarAt(tree, ['NaN'])).toBe('NaN');
    expect(scalarAt(tree, ['s'])).toBe('"Infinity');
    expect(scalarAt(tree, ['r'])).toBe(8);
  });

  it.each([
    '{"a": nan}',
    '{"a": -NaN}',
    '{"a": +Infinity}',
    '{NaN: 1}',
    '{"a": NaN1}',
    '{"a": NaN NaN}',
    '{"a": Infinity',
  ])('takes %s for no JSON, as Python does', (text) => {
    expect(parseJson(text).ok).toBe(false);
  });

  it('finds them in any text, each at its place', () => {
    const leaf = fc.oneof(
      fc.constantFrom('NaN', 'Infinity', '-Infinity', '1e-4', 'true', 'null'),
      fc.string().map((word) => JSON.stringify(word)),
    );
    const { value } = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(' ,\n// NaN\n')}]`),
        fc
          .array(fc.tuple(fc.string(), tie('value')), { maxLength: 3 })
          .map((pairs) => `{${pairs.map(([name, item]) => `${JSON.stringify(name)}:${item}`).join()}}`),
      ),
    }));
    fc.assert(
      fc.property(value, (text) => {
        const leaves = scalarsOf(root(text));
        for (const { raw, range, value: read } of leaves.filter(({ quoted }) => !quoted)) {
          expect(text.slice(range.start, range.end)).toBe(raw);
          expect(read).toBe(raw === 'true' ? true : raw === 'null' ? null : Number(raw));
        }
        // Without what is between quotes and behind slashes, each word stands there once.
        const bare = text.replace(/"(?:[^"\\]|\\.)*"|\/\/.*/g, '');
        const counted = (words: readonly string[]): number => words.filter((word) => /NaN|Infinity/.test(word)).length;
        expect(counted(leaves.flatMap(({ quoted, raw }) => (quoted ? [] : [raw])))).toBe(
          counted(bare.split(/[^\w-]+/)),
        );
      }),
    );
  });

  it.each([
    ['{"a": 1 "b": 2}', 8, 'comma expected.'],
    ['{"a" 1}', 5, 'colon expected.'],
    ['{"a": }', 6, 'value expected.'],
    ['{"a": 1', 7, 'close brace expected.'],
    ['{"a": "x', 6, 'unexpected end of string.'],
    ['{"a": nope}', 6, 'invalid symbol.'],
    ['{a: 1}', 1, 'invalid symbol.'],
    ['{"a": "x\ty"}', 6, 'invalid character.'],
    ['{"a": "\\x"}', 6, 'invalid escape character.'],
    ['{"a": "\\u12"}', 6, 'invalid unicode.'],
    ['{"a": 01}', 7, 'comma expected.'],
    ['{} {}', 3, 'end of file expected.'],
  ])('says what is wrong with %s', (text, offset, message) => {
    const parsed = parseJson(text);
    expect(parsed).toMatchObject({ ok: false, offset });
    expect(!parsed.ok && parsed.message).toBe(`json stops here: ${message}`);
  });
});

describe('json.load', () => {
  it.each([
    ['{"r": 8, // rank\n"a": 1}', 9, /comment.*JSON has no comments/],
    ['{"r": /* rank */ 8}', 6, /comment.*JSON has no comments/],
    ['{"r": 8} // end', 9, /comment.*JSON has no comments/],
    ['{"r": 8,}', 8, /property name expected behind the last comma. Remove the comma/],
    ['{"r": [8, ]}', 10, /value expected behind the last comma. Remove the comma/],
    ['\uFEFF{"r": 8}', 0, /Unexpected UTF-8 BOM.*without a byte order mark/],
    ['', 0, /value expected/],
  ])('stops at %j', (text, offset, message) => {
    const parsed = parseJson(text, LOADERS['json.load']);
    expect(parsed).toMatchObject({ ok: false, offset });
    expect(!parsed.ok && parsed.message).toMatch(message);
    expect(parseJson(text).ok).toBe(true);
  });

  it('joins the halves of a pair, and keeps a half that is alone', () => {
    expect(scalarAt(root('{"a": "\\ud83d\\ude00\\ud83d"}'), ['a'])).toBe('😀\ud83d');
  });

  it('makes no number of more digits than Python does', () => {
    expect(parseJson(`[${'9'.repeat(4300)}]`).ok).toBe(true);
    expect(parseJson(`[${'9'.repeat(4301)}]`)).toMatchObject({ ok: false, offset: 1 });
  });
});
