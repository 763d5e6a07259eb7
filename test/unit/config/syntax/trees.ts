import { expect } from 'vitest';
import type { Range } from '../../../../src/config/reading';
import type { Parsed, SyntaxNode } from '../../../../src/config/syntax/tree';

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
