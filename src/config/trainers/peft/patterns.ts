import { nodeAt, type MapNode } from '../../syntax/tree';
import type { Layout } from '../trainer';
import type { Key, NetworkSources, Source } from '../shared/fields';

/**
 * The networks that `rank_pattern` and `alpha_pattern` set apart: one per module name or regex.
 * What a pattern leaves open is inherited (PEFT, tuners/lora/model.py).
 */
export function patternNetworks(
  root: MapNode,
  names: { rank: string; alpha: string },
  layout: Pick<Layout, 'fields'>,
): readonly NetworkSources[] {
  const modules = new Set([...keysAt(root, names.rank), ...keysAt(root, names.alpha)]);
  return [...modules].map((module) => ({
    name: module,
    rank: override(names.rank, module, layout.fields.rank),
    alpha: override(names.alpha, module, layout.fields.alpha),
  }));
}

function override(pattern: string, module: string, base: Source = { keys: [] }): Source {
  // Not split at its dots: a module's name is one key.
  const own: Key = { path: [...pattern.split('.'), module], label: `${pattern}.${module}` };
  const write = base.write ?? base.keys.at(-1);
  return { ...base, keys: [own, ...base.keys], ...(write ? { write } : {}) };
}

function keysAt(root: MapNode, name: string): string[] {
  const node = nodeAt(root, name.split('.'));
  return node?.kind === 'map' ? node.entries.map((entry) => entry.key) : [];
}
