import type { Entry, Lock, Scalar, ScalarNode, SyntaxNode } from '../syntax/tree';

export function withoutValue(node: SyntaxNode, lock: Lock): SyntaxNode {
  return node.kind === 'scalar' ? { ...node, value: null, unresolved: String(node.value), lock } : node;
}

/** A value without a position in the text. */
export function made(value: Scalar): ScalarNode {
  const nowhere = { start: 0, end: 0 };
  return { kind: 'scalar', range: nowhere, inner: nowhere, raw: '', value, quoted: false, lock: null };
}

export function sizeOf(node: SyntaxNode, enough: number): number {
  if (node.kind === 'scalar' || enough <= 1) return 1;
  const children = node.kind === 'map' ? node.entries.map(({ value }) => value) : node.items;
  let size = 1;
  for (const child of children) {
    size += sizeOf(child, enough - size);
    if (size >= enough) break;
  }
  return size;
}

export function locked(node: SyntaxNode, lock: Lock | null): SyntaxNode {
  if (node.kind === 'scalar') return { ...node, lock: lock ?? node.lock };
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => locked(item, lock)) };
  const entries = node.entries.map((entry): Entry => ({ ...entry, home: undefined, value: locked(entry.value, lock) }));
  return { ...node, entries };
}
