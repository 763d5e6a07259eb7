import type { SyntaxNode } from '../syntax/tree';
import type { Outcome } from './outcome';

/** The position of a node; a node that several YAML aliases share has several. */
export interface Position {
  node: SyntaxNode;
  parent: Position | null;
  /** The step from the parent: a key, or the number of an item. */
  step: string;
  children: Map<string, Position>;
  /** Undefined before it is resolved, `open` while it is being resolved. */
  result?: Outcome | 'open';
}

/** Looks children up; of a map with as many keys as a reference each, only once. */
export class Children {
  private readonly known = new Map<SyntaxNode, ReadonlyMap<string, SyntaxNode>>();

  /** The child at one step of a path, or null. The last of equal keys counts; items are counted from the end too. */
  of(node: SyntaxNode, step: string): SyntaxNode | null {
    if (node.kind === 'list') return /^-?\d+$/.test(step) ? (node.items.at(Number(step)) ?? null) : null;
    if (node.kind === 'scalar') return null;
    const known = this.known.get(node) ?? new Map(node.entries.map(({ key, value }) => [key, value]));
    this.known.set(node, known);
    return known.get(step) ?? null;
  }
}

export function childAt(parent: Position, node: SyntaxNode, step: string): Position {
  const known = parent.children.get(step);
  if (known) return known;
  const position: Position = { node, parent, step, children: new Map() };
  parent.children.set(step, position);
  return position;
}

export function pathOf(position: Position): string {
  const steps: string[] = [];
  for (let at: Position | null = position; at?.parent; at = at.parent) steps.unshift(at.step);
  return steps.join('.');
}
