import * as l10n from '@vscode/l10n';
import { nodeAt, type Lock, type MapNode, type ScalarNode, type SyntaxNode } from '../../syntax/tree';

/** `${model.rank}`, with a path from the top of the file, as the whole value. */
const REFERENCE = /^\$\{[ \t]*([\w-]+(?:\.[\w-]+)*)[ \t]*\}$/;

const isExpression = (node: SyntaxNode): node is ScalarNode & { value: string } =>
  node.kind === 'scalar' && typeof node.value === 'string' && (node.value === '???' || node.value.includes('${'));

/**
 * A tree as OmegaConf reads it: a reference to a value of this file has that value, locked. Every other expression is
 * unresolved: a mandatory `???`, resolvers, texts with references, references to references and to whole maps.
 */
export function interpolated(root: MapNode): MapNode {
  const read = (node: SyntaxNode): SyntaxNode => {
    if (isExpression(node)) return expression(root, node);
    if (node.kind === 'list') return { ...node, items: node.items.map(read) };
    if (node.kind === 'map') return readMap(node);
    return node;
  };
  const readMap = (map: MapNode): MapNode => ({
    ...map,
    entries: map.entries.map((entry) => ({ ...entry, value: read(entry.value) })),
  });
  return mentions(root) ? readMap(root) : root;
}

function mentions(node: SyntaxNode): boolean {
  if (node.kind === 'scalar') return isExpression(node);
  return node.kind === 'map' ? node.entries.some(({ value }) => mentions(value)) : node.items.some(mentions);
}

function expression(root: MapNode, node: ScalarNode & { value: string }): ScalarNode {
  const path = REFERENCE.exec(node.value)?.[1] ?? '';
  const found = path === '' ? null : nodeAt(root, path.split('.'));
  if (found?.kind === 'scalar' && found.unresolved === undefined && !isExpression(found)) {
    const message = l10n.t`This value comes from ${path}. Change it there, or write a number here first.`;
    return { ...node, value: found.value, lock: { code: 'interpolated', message } };
  }
  const lock: Lock = {
    code: 'value-elsewhere',
    message:
      node.value === '???'
        ? l10n.t('The value has to be set when the run starts.')
        : l10n.t('LoRA Alpha follows only references such as ${model.rank}, to a value of this file.'),
  };
  return { ...node, value: null, unresolved: node.value, lock };
}
