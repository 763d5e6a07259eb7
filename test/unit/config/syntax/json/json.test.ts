import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../../../src/config/syntax/json/json';
import type { ScalarNode, SyntaxNode } from '../../../../../src/config/syntax/tree';

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

// What single texts give is in cases/json*.txt.
describe('parseJson', () => {
  it('finds the words of Python for numbers in any text, each at its place', () => {
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

  it('makes no number of more digits than Python does', () => {
    expect(parseJson(`[${'9'.repeat(4300)}]`).ok).toBe(true);
    expect(parseJson(`[${'9'.repeat(4301)}]`)).toMatchObject({ ok: false, offset: 1 });
  });
});
