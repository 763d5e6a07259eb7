import { expect } from 'vitest';
import type { Range } from '../../../../src/config/reading';
import { commandIn, nodeAt, type Parsed, type ScalarNode, type SyntaxNode } from '../../../../src/config/syntax/tree';

/** A tree as plain values; what is not known is its source in angle brackets. */
export function plainTree(node: SyntaxNode): unknown {
  if (node.kind === 'list') return node.items.map(plainTree);
  if (node.kind === 'map') {
    const { program, further = [], cutOff } = commandIn(node) ?? {};
    return {
      ...(program === undefined ? {} : { $command: program }),
      ...Object.fromEntries(node.entries.map(({ key, value }) => [key, plainTree(value)])),
      ...(cutOff ? { '$cut-off': plainTree(cutOff) } : {}),
      ...(further.length > 0 ? { $further: further.map(plainTree) } : {}),
    };
  }
  return node.unresolved === undefined ? node.value : `<${node.unresolved}>`;
}

/** All trees of a text as plain values. */
export function plainTrees(parsed: Parsed): unknown[] {
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.roots.map(({ node }) => plainTree(node));
}

/** The scalar at a dotted path of a text's first tree. */
export function scalarIn(parsed: Parsed, path: string): ScalarNode {
  const node = parsed.ok ? nodeAt(parsed.roots[0]?.node ?? null, path.split('.')) : null;
  if (node?.kind !== 'scalar') throw new Error(`no scalar at ${path}`);
  return node;
}

/** Every scalar's source is the text at its place, and every place is in the text. */
export function valuesStandWhereTheySay(text: string, parsed: Parsed): void {
  const isInText = ({ start, end }: Range): boolean => 0 <= start && start <= end && end <= text.length;
  const check = (node: SyntaxNode): void => {
    expect(node.range).toSatisfy(isInText);
    if (node.kind === 'scalar') expect(node.raw).toBe(text.slice(node.inner.start, node.inner.end));
    else if (node.kind === 'list') node.items.forEach(check);
    else {
      for (const { keyRange, value } of node.entries) {
        expect(keyRange).toSatisfy(isInText);
        check(value);
      }
    }
  };
  if (parsed.ok) for (const { node } of parsed.roots) check(node);
}
