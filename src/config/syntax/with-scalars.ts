import type { ScalarNode, SyntaxNode } from './tree';

/** The tree with every scalar changed. */
export function withScalars<Node extends SyntaxNode>(node: Node, change: (scalar: ScalarNode) => SyntaxNode): Node;
export function withScalars(node: SyntaxNode, change: (scalar: ScalarNode) => SyntaxNode): SyntaxNode {
  if (node.kind === 'scalar') return change(node);
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => withScalars(item, change)) };
  return { ...node, entries: node.entries.map((entry) => ({ ...entry, value: withScalars(entry.value, change) })) };
}
