import { hasSpread, type Parsed, type SyntaxNode } from '../../../src/config/syntax/tree';
import { isTextTo } from '../../../src/config/syntax/scalars';
import type { Loader } from '../../../src/config/syntax/loaders';

/** What loads.py says of a text. */
export type Loaded = null | boolean | readonly [string, ...unknown[]];

/** How a reading and a loader compare. */
export interface Compared {
  /** Where they differ, and how; null where they do not. */
  differs: string | null;
  /** Leaves that the reader claims to know, and those that it does not. */
  known: number;
  unknown: number;
  stops: boolean;
  /** Whether the reader leaves a text alone that the loader reads, as it may read it as something else. */
  isUnread: boolean;
}

/** Holds what the reader made of a text against what the loader did. */
export function compared(parsed: Parsed, loaded: Loaded, loader: Loader): Compared {
  const stops = Array.isArray(loaded) && loaded[0] === 'stops';
  const isUnread = !parsed.ok && !stops;
  const nothing = { known: 0, unknown: 0, stops, isUnread };
  // An empty file is no config, whatever the loader says of its marks.
  const isEmpty = parsed.ok && parsed.roots.length === 0;
  if (isUnread || (isEmpty && stops)) return { ...nothing, differs: null };
  if (!parsed.ok || stops) {
    const both = !parsed.ok && stops;
    const ours = parsed.ok ? 'is read here' : parsed.message;
    const theirs = stops ? String(loaded[1]) : JSON.stringify(loaded);
    return { ...nothing, differs: both ? null : `${ours}\n  loader: ${theirs}` };
  }
  const count = { known: 0, unknown: 0 };
  const differs = difference(parsed.roots[0]?.node ?? null, loaded, '', count, loader);
  return { differs, ...count, stops, isUnread };
}

const TWINS = [
  ['True', '1'],
  ['False', '0'],
];

type Count = Pick<Compared, 'known' | 'unknown'>;

function difference(node: SyntaxNode | null, loaded: Loaded, at: string, count: Count, loader: Loader): string | null {
  if (node?.kind === 'scalar' && node.unresolved !== undefined) {
    count.unknown += 1;
    return null;
  }
  const [kind, ...rest] = Array.isArray(loaded) ? (loaded as readonly unknown[]) : [loaded];
  if (kind === 'other') {
    count.unknown += 1;
    return null;
  }
  if (node?.kind === 'list' && kind === 'list') {
    if (rest.length !== node.items.length) return `${at}: ${node.items.length} items\n  loader: ${rest.length}`;
    return first(node.items, (item, i) => difference(item, rest[i] as Loaded, `${at}[${i}]`, count, loader));
  }
  if (node?.kind === 'map' && hasSpread(node)) {
    count.unknown += 1;
    return null;
  }
  if (node?.kind === 'map' && kind === 'map') {
    const theirs = new Map(rest as [string, Loaded][]);
    const ours = new Map(node.entries.map(({ key, value }) => [key, value]));
    // To a dict of Python, `yes` and `1` are one key.
    if (TWINS.some((pair) => pair.every((key) => ours.has(key)))) return null;
    const odd = [...ours.keys()].find((key) => !theirs.has(key)) ?? [...theirs.keys()].find((key) => !ours.has(key));
    if (odd !== undefined) return `${at}.${odd}: a key of one alone\n  loader: ${JSON.stringify(loaded)}`;
    return first([...ours], ([key, value]) =>
      difference(value, theirs.get(key) ?? null, `${at}.${key}`, count, loader),
    );
  }
  const ours = node === null ? null : node.kind === 'scalar' ? node.value : node.kind;
  // Lines of a folded text that are blank, or indented deeper, are joined differently.
  if (node?.kind === 'scalar' && node.lock?.code === 'yaml-block-text' && kind === 'text') {
    const words = [ours, rest[0]].map((text) => String(text).split(/\s+/).join(' '));
    return words[0] === words[1] ? null : `${at}: ${JSON.stringify(words[0])}\n  loader: ${JSON.stringify(loaded)}`;
  }
  count.known += 1;
  const raw = node?.kind === 'scalar' && !node.quoted ? node.raw : null;
  if (isSame(ours, kind, rest[0], raw, loader)) return null;
  return `${at}: ${node?.kind === 'scalar' ? JSON.stringify(ours) : String(ours)}\n  loader: ${JSON.stringify(loaded)}`;
}

function isSame(ours: unknown, kind: unknown, theirs: unknown, raw: string | null, loader: Loader): boolean {
  if (kind === null || typeof kind === 'boolean') return ours === kind;
  if (kind === 'number') return typeof ours === 'number' && Object.is(ours + 0, Number(numberOf(theirs)) + 0);
  if (kind === 'date') return typeof ours === 'string' && /^\d/.test(ours);
  if (kind !== 'text') return false;
  // A number that reaches the trainer as text: the trainer's own rules say what becomes of it.
  if (typeof ours === 'number') return raw !== null && raw === theirs && isTextTo(raw, loader.numbers);
  return ours === theirs;
}

function numberOf(theirs: unknown): number {
  if (typeof theirs === 'number') return theirs;
  return theirs === 'nan' ? Number.NaN : theirs === 'inf' ? Infinity : -Infinity;
}

function first<T>(items: readonly T[], of: (item: T, i: number) => string | null): string | null {
  for (const [i, item] of items.entries()) {
    const found = of(item, i);
    if (found !== null) return found;
  }
  return null;
}
