import type { TextEdit } from '../reading';
import { siblingIn } from './siblings';
import { insertAfter } from '../syntax/edit/insert';
import { lineEndingAt, lineStart } from '../syntax/lines';
import { inBraces, keyIn, leavesOf, tableHeaderEnd, type NestedValue } from '../syntax/edit/nested';
import type { MapNode } from '../syntax/tree';
import type { Key } from '../trainers/shared/fields';

/** What a TOML file gets: `name` with `branch` in the map `parent` at `path`. */
interface NewInToml {
  path: readonly string[];
  parent: MapNode;
  beside: readonly Key[];
  name: string;
  branch: NestedValue;
}

/** Lines in the table, below its header where it has none yet, or else above the first table of the file. */
export function editsForNewInToml(text: string, root: MapNode, added: NewInToml): TextEdit[] | null {
  const { path, parent, name, beside, branch } = added;
  const sibling = siblingIn(text, root, parent, beside);
  if (sibling?.home === 'toml-inline') {
    return insertAfter(text, sibling, keyIn('toml-inline', name), inBraces(branch, 'toml-inline') ?? '');
  }
  const pairsUnder = (above: readonly string[]): (readonly [string, string])[] =>
    leavesOf(branch, [...above, name]).map(({ path: keys, literal }) => [keys.map(bare).join('.'), literal] as const);
  if (sibling) return pairsUnder([]).flatMap(([key, literal]) => insertAfter(text, sibling, key, literal) ?? []);
  const header = path.length > 0 ? tableHeaderEnd(text, parent) : null;
  const at = header ?? firstTable(text, root);
  const lineEnding = lineEndingAt(text, header ?? 0);
  const pairs = pairsUnder(header === null ? path : []).map(([key, literal]) => `${key} = ${literal}`);
  const lines =
    header === null
      ? pairs.map((pair) => pair + lineEnding).join('') + lineEnding
      : pairs.map((pair) => lineEnding + pair).join('');
  return [{ range: { start: at, end: at }, text: lines }];
}

const bare = (name: string): string => keyIn('toml-table', name);

/** Where the first table of a file begins, with the comments above it. */
function firstTable(text: string, root: MapNode): number {
  const starts = root.entries.map(({ value }) => value.range.start);
  let at = lineStart(text, Math.min(text.length, ...starts));
  while (at > 0) {
    const above = lineStart(text, at - 1);
    if (!text.slice(above, at).trimStart().startsWith('#')) break;
    at = above;
  }
  return at;
}
