import type { Unread } from './reading';
import { numberIn } from './syntax/scalars';
import { nodeAt, type MapNode, type SyntaxNode } from './syntax/tree';

/** A map of a trainer's config whose keys reach the LoRA parameters. */
export interface KnownKeys {
  /** Dotted path of the map; empty for the file's own top level. */
  at: string;
  /** What it holds, in the plural: `optimizer arguments`. */
  what: string;
  /** Keys that the reader moves, that have no unit, or that have nothing to do with the LoRA parameters. */
  known: ReadonlySet<string>;
  /** Where other settings stand beside them: the names that these may have. */
  like?: RegExp;
}

/** The keys of the map that nobody knows, but for those that are switched off or empty. */
export function unknownKeys(root: MapNode, { at, what, known, like }: KnownKeys): Unread[] {
  const map = at === '' ? root : nodeAt(root, at.split('.'));
  if (map?.kind !== 'map') return [];
  return map.entries
    .filter(({ key, value }) => !known.has(key) && (like?.test(key) ?? true) && !isOff(value))
    .map(({ key, keyRange, value }) => ({
      range: { start: Math.min(keyRange.start, value.range.start), end: Math.max(keyRange.end, value.range.end) },
      why: `${key} is not among the known ${what}.`,
      ...(mayBeNumber(value) ? { mayMove: true as const } : {}),
    }));
}

function isOff(node: SyntaxNode): boolean {
  if (node.kind !== 'scalar') return (node.kind === 'map' ? node.entries : node.items).length === 0;
  // What a config file may say that a command names is one thing, and said once.
  if (node.lock?.code === 'config-file') return true;
  return node.elsewhere === undefined && /^(?:|null|none|false)$/i.test(String(node.value ?? ''));
}

function mayBeNumber(node: SyntaxNode): boolean {
  return node.kind !== 'scalar' || node.elsewhere !== undefined || numberIn(String(node.value)) !== undefined;
}
