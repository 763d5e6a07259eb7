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
 * A string of JSON as a tree: `'{"min_lr": 1e-5}'`. New keys are not inserted into it. Of a string with escape sequences,
 * every value is locked, and has the range of the whole string.
 * @returns the string itself if it holds no map
 */
export function jsonText(string: ScalarNode): SyntaxNode {
  if (typeof string.value !== 'string' || !string.value.trimStart().startsWith('{')) return string;
  const { inner } = string;
  const isPlain = string.raw === string.value;
  const lock = string.lock ?? (isPlain ? null : ESCAPED);
  // Blanks before it put a plain string where it is in the file.
  const parsed = parseJson(isPlain ? ' '.repeat(inner.start) + string.value : string.value);
  const root = parsed.ok ? parsed.roots[0]?.node : undefined;
  const place = ({ start, end }: ScalarNode['range']): ScalarNode['range'] => (isPlain ? { start, end } : inner);
  const placed = (node: SyntaxNode): SyntaxNode => {
    const range = place(node.range);
    if (node.kind === 'scalar') return { ...node, range, inner: place(node.inner), lock };
    if (node.kind === 'list') return { ...node, range, items: node.items.map(placed) };
    const entries = node.entries.map((each) => ({
      ...each,
      keyRange: place(each.keyRange),
      value: placed(each.value),
    }));
    return { ...node, range, entries };
  };
  return root?.kind === 'map' ? placed(root) : string;
}
