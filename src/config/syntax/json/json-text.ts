import * as l10n from '@vscode/l10n';
import { parseJson } from './json';
import type { Lock, ScalarNode, SyntaxNode } from '../tree';

const ESCAPED: Lock = {
  code: 'escaped-text',
  message: l10n.t(
    'This string contains escape sequences, so the position of its value is uncertain. Write the string without them.',
  ),
};

/**
 * A string of JSON as a tree: `'{"min_lr": 1e-5}'`. New keys are not inserted into it.
 * @returns the string itself if it holds no map
 */
export function jsonText(node: ScalarNode): SyntaxNode {
  if (typeof node.value !== 'string' || !node.value.trimStart().startsWith('{')) return node;
  const isPlain = node.raw === node.value;
  const parsed = parseJson(node.value);
  const root = parsed.ok ? parsed.roots[0]?.node : undefined;
  if (root?.kind !== 'map') return node;
  return placed(root, isPlain ? node.inner.start : null, node);
}

/** Shifts the ranges into the file. If `offset` is null, every value is locked and has the range of the whole string. */
function placed(tree: SyntaxNode, offset: number | null, { inner, lock }: ScalarNode): SyntaxNode {
  const at = ({ start, end }: ScalarNode['range']): ScalarNode['range'] =>
    offset === null ? inner : { start: start + offset, end: end + offset };
  const within = (node: SyntaxNode): SyntaxNode => {
    const range = at(node.range);
    if (node.kind === 'list') return { ...node, range, items: node.items.map(within) };
    if (node.kind === 'scalar') {
      return { ...node, range, inner: at(node.inner), lock: lock ?? (offset === null ? ESCAPED : null) };
    }
    const entries = node.entries.map((entry) => ({
      ...entry,
      keyRange: at(entry.keyRange),
      value: within(entry.value),
    }));
    return { ...node, range, entries };
  };
  return within(tree);
}
