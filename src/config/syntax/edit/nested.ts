import type { TextEdit } from '../../reading';
import { lineEnd, lineEndingAt, lineStart } from '../lines';
import { takesNeighbour, type Entry, type Home, type MapNode, type SyntaxNode } from '../tree';

/** What is to be written under a new key: a literal, or maps within maps. */
export type Branch = string | ReadonlyMap<string, Branch>;

/** Maps between braces, as each syntax writes them. */
interface Braces {
  open: string;
  close: string;
  colon: string;
  key: (name: string) => string;
}

const plainOr = (pattern: RegExp) => (name: string) => (pattern.test(name) ? name : JSON.stringify(name));

const YAML: Braces = { open: '{', close: '}', colon: ': ', key: plainOr(/^[A-Za-z_][\w.-]*$/) };
const JSON_BRACES: Braces = { open: '{', close: '}', colon: ': ', key: (name) => JSON.stringify(name) };
const TOML: Braces = { open: '{ ', close: ' }', colon: ' = ', key: plainOr(/^[\w-]+$/) };

const BRACES: Partial<Record<Home, Braces>> = {
  'yaml-block': YAML,
  'yaml-flow': YAML,
  json: JSON_BRACES,
  'toml-table': TOML,
  'toml-inline': TOML,
  'python-dict': JSON_BRACES,
  'python-argument': JSON_BRACES,
};

/** Homes whose new entries get the quotes of their neighbour's key, or none. */
const QUOTED_AS_NEIGHBOUR: ReadonlySet<Home> = new Set<Home>(['json', 'python-dict', 'python-argument']);

/** A new key as its home writes keys. */
export function keyIn(home: Home, name: string): string {
  return QUOTED_AS_NEIGHBOUR.has(home) ? name : (BRACES[home]?.key(name) ?? name);
}

/** A branch on one line, `{a: {b: 1}}`; null where the home has no maps between braces. */
export function inBraces(branch: Branch, home: Home): string | null {
  const braces = BRACES[home];
  if (typeof branch === 'string') return branch;
  if (!braces) return null;
  const { open, close, colon, key } = braces;
  const parts = [...branch].map(([name, below]) => `${key(name)}${colon}${inBraces(below, home) ?? ''}`);
  return `${open}${parts.join(', ')}${close}`;
}

/** A branch on lines of its own below a key of a YAML block, each behind a line end. */
export function inLines(branch: Branch, indent: string, step: string, lineEnding: string): string {
  if (typeof branch === 'string') return ` ${branch}`;
  const deeper = indent + step;
  return [...branch]
    .map(([name, below]) => `${lineEnding}${deeper}${YAML.key(name)}:${inLines(below, deeper, step, lineEnding)}`)
    .join('');
}

/** A branch of JSON on lines of its own. */
export function inJsonLines(branch: Branch, indent: string, step: string, lineEnding: string): string {
  if (typeof branch === 'string') return branch;
  const deeper = indent + step;
  const members = [...branch].map(
    ([name, below]) => `${deeper}${JSON.stringify(name)}: ${inJsonLines(below, deeper, step, lineEnding)}`,
  );
  return `{${lineEnding}${members.join(`,${lineEnding}`)}${lineEnding}${indent}}`;
}

/** Every literal of a branch with the keys that lead to it. */
export function leavesOf(branch: Branch, path: readonly string[] = []): { path: readonly string[]; literal: string }[] {
  if (typeof branch === 'string') return [{ path, literal: branch }];
  return [...branch].flatMap(([name, below]) => leavesOf(below, [...path, name]));
}

/** The white space before an entry, where it is the first on its line; null where it is not. */
export function indentOf(text: string, { keyRange }: Entry): string | null {
  const before = text.slice(lineStart(text, keyRange.start), keyRange.start).replace(/^\uFEFF/, '');
  return /^(?:\s|- )*$/.test(before) ? before.replaceAll('-', ' ') : null;
}

/** By how much a map is indented against the one it is in, as this file does it; two spaces where it shows none. */
export function stepOf(text: string, node: SyntaxNode, level = 0): string {
  if (node.kind !== 'map' || level > 3) return '  ';
  for (const entry of node.entries) {
    const [first] = entry.value.kind === 'map' ? entry.value.entries : [];
    if (!first) continue;
    const [outer, inner] = [indentOf(text, entry), indentOf(text, first)];
    if (outer !== null && inner !== null && inner.length > outer.length && inner.startsWith(outer)) {
      return inner.slice(outer.length);
    }
  }
  return '  ';
}

/** A new first entry of a map that has no neighbour to stand behind. */
export function insertFirst(text: string, map: MapNode, name: string, branch: Branch): TextEdit[] | null {
  const first = map.entries.find(takesNeighbour);
  if (!first) return null;
  const { home, keyRange } = first;
  const value = inBraces(branch, home);
  const braces = BRACES[home];
  if (value === null || !braces) return null;
  // The braces of a call's arguments are those of the dicts within.
  const pair = home === 'python-argument' ? `${name}=${value}` : `${braces.key(name)}${braces.colon}${value}`;
  const start = lineStart(text, keyRange.start);
  const before = text.slice(start, keyRange.start).replace(/^\uFEFF/, '');
  const lineEnding = lineEndingAt(text, keyRange.start);
  if (home === 'yaml-block' || home === 'toml-table') {
    const indent = home === 'yaml-block' ? before.replaceAll('-', ' ') : before;
    return [{ range: { start: keyRange.start, end: keyRange.start }, text: `${pair}${lineEnding}${indent}` }];
  }
  const gap = /^\s+$/.test(before) ? `${lineEnding}${before}` : ' ';
  return [{ range: { start: keyRange.start, end: keyRange.start }, text: `${pair},${gap}` }];
}

/** The end of the line that opens a TOML table, or null where the map is none. */
export function tableHeaderEnd(text: string, { range }: MapNode): number | null {
  return range.end > range.start && text[range.start] === '[' ? lineEnd(text, range.start) : null;
}
