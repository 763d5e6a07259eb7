import type { Interpretation } from './interpret';
import type { TreeSyntax } from './reading';
import { bareScalar, nodeAt, type SyntaxNode } from './syntax/tree';
import type { Begin } from './trainers/trainer';
import type { Writing } from './writing';

/** A map as it is about to be written: values as they will stand, and maps within. */
interface Begun {
  [key: string]: string | Begun;
}

/** The writings whose map nobody wrote: all that begin in one key become one writing of the whole map. */
export function withMapsBegun(file: Interpretation, writings: readonly Writing[]): Writing[] {
  const others: Writing[] = [];
  const begun = new Map<string, { first: Writing; at: readonly string[]; content: Begun }>();
  for (const writing of writings) {
    const at = missingMapOf(file, writing);
    const label = at?.join('.') ?? '';
    const known = begun.get(label);
    const content = at && put(file, at, known?.content ?? {}, writing);
    if (!content) others.push(writing);
    else if (!known) begun.set(label, { first: writing, at, content });
  }
  const maps = [...begun.values()].map(({ first, at, content }): Writing => {
    const found = nodeAt(file.root, at);
    const node = found && bareScalar(file.text, found.range, null);
    const key = { path: at, label: at.join('.') };
    return { place: { ...first.place, key, node }, literal: flowOf(content, file.document.syntax) };
  });
  return [...others, ...maps];
}

/** The path of the outermost map on the way to this place that is not there, where the trainer lets it be begun. */
function missingMapOf({ root, layout }: Interpretation, { place }: Writing): readonly string[] | null {
  const { path } = place.key;
  if (place.node || !layout.begins) return null;
  for (let depth = 1; depth < path.length; depth++) {
    const at = path.slice(0, depth);
    const found = nodeAt(root, at);
    if (found?.kind === 'map' && found.entries.length > 0) continue;
    return beginOf(layout.begins, at, found) ? at : null;
  }
  return null;
}

function beginOf(
  begins: Readonly<Record<string, Begin>>,
  at: readonly string[],
  found: SyntaxNode | null,
): Readonly<Record<string, string>> | null {
  const name = found?.kind === 'scalar' && found.value !== null ? String(found.value) : null;
  return (found?.kind === 'scalar' && found.lock ? null : begins[at.join('.')]?.(name)) ?? null;
}

/** `content` with the writing's number in it, and what has to stand beside it; null where that cannot be begun. */
function put(
  { root, layout, document }: Interpretation,
  at: readonly string[],
  content: Begun,
  writing: Writing,
): Begun | null {
  const { path } = writing.place.key;
  let map = content;
  for (let depth = at.length; depth < path.length; depth++) {
    const here = path.slice(0, depth);
    const first = beginOf(layout.begins ?? {}, here, nodeAt(root, here));
    if (!first) return null;
    for (const [key, name] of Object.entries(first))
      map[key] ??= document.syntax === 'yaml' ? name : JSON.stringify(name);
    const step = path[depth] ?? '';
    if (depth === path.length - 1) map[step] = writing.literal;
    else map = innerOf(map, step);
  }
  return content;
}

function innerOf(map: Begun, step: string): Begun {
  const known = map[step];
  if (typeof known === 'object') return known;
  const inner: Begun = {};
  map[step] = inner;
  return inner;
}

/** `{ lr: 0.001 }`, on one line. */
function flowOf(content: Begun, syntax: TreeSyntax): string {
  const mark = syntax === 'toml' ? ' =' : ':';
  const entries = Object.entries(content).map(([key, value]) => {
    const name = syntax === 'json' ? JSON.stringify(key) : key;
    return `${name}${mark} ${typeof value === 'string' ? value : flowOf(value, syntax)}`;
  });
  return `{ ${entries.join(', ')} }`;
}
