import type { TextEdit } from '../reading';
import { siblingIn } from './siblings';
import { insertAfter } from '../syntax/edit/insert';
import { lineEndingAt, lineStart } from '../syntax/lines';
import { inBraces, keyIn, leavesOf, tableHeaderEnd, type Branch } from '../syntax/edit/nested';
import type { MapNode } from '../syntax/tree';
import type { Key } from '../trainers/shared/fields';

/** What a TOML file gets: `name` with `branch` in the map `parent` at `path`. */
interface NewInToml {
  path: readonly string[];
  parent: MapNode;
  beside: readonly Key[];
  name: string;
  branch: Branch;
}

/** A line in the table, below its header where it has no line yet, or a new table at the end of the file. */
export function editsForNewInToml(text: string, root: MapNode, added: NewInToml): TextEdit[] | null {
  const { path, parent, name, beside, branch } = added;
  const sibling = siblingIn(text, root, parent, beside);
  if (sibling?.home === 'toml-inline') {
    return insertAfter(text, sibling, keyIn('toml-inline', name), inBraces(branch, 'toml-inline') ?? '');
  }
  const hasTables = root.entries.some(({ value }) => value.kind === 'map' && tableHeaderEnd(text, value) !== null);
  if (typeof branch !== 'string' && path.length === 0 && hasTables) return newTables(text, [name], branch);
  const lines = leavesOf(branch, [name]).map(({ path: keys, literal }) => [keys.map(bare).join('.'), literal] as const);
  if (sibling) return lines.flatMap(([key, literal]) => insertAfter(text, sibling, key, literal) ?? []);
  const header = path.length > 0 ? tableHeaderEnd(text, parent) : null;
  const lineEnding = lineEndingAt(text, header ?? 0);
  const pairs = lines.map(([key, literal]) => `${key} = ${literal}`);
  if (header !== null) {
    return [{ range: { start: header, end: header }, text: pairs.map((pair) => lineEnding + pair).join('') }];
  }
  if (path.length > 0) return newTables(text, path, new Map([[name, branch]]));
  const top = firstTable(text, root);
  return [{ range: { start: top, end: top }, text: pairs.map((pair) => pair + lineEnding).join('') + lineEnding }];
}

const bare = (name: string): string => keyIn('toml-table', name);

/** `[a.b]` with its lines at the end of the file, for each map that holds literals. */
function newTables(text: string, path: readonly string[], branch: ReadonlyMap<string, Branch>): TextEdit[] {
  const lineEnding = lineEndingAt(text, text.length);
  const tables = tablesOf(path, branch).map((lines) => lines.join(lineEnding));
  const gap = text.endsWith('\n') ? lineEnding : lineEnding + lineEnding;
  const added = gap + tables.join(lineEnding + lineEnding) + (text.endsWith('\n') ? lineEnding : '');
  return [{ range: { start: text.length, end: text.length }, text: added }];
}

function tablesOf(path: readonly string[], branch: ReadonlyMap<string, Branch>): string[][] {
  const literals = [...branch].flatMap(([name, below]) =>
    typeof below === 'string' ? [`${bare(name)} = ${below}`] : [],
  );
  const own = literals.length > 0 ? [[`[${path.map(bare).join('.')}]`, ...literals]] : [];
  const deeper = [...branch].flatMap(([name, below]) =>
    typeof below === 'string' ? [] : tablesOf([...path, name], below),
  );
  return [...own, ...deeper];
}

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
