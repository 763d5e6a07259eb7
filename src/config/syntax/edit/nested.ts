import type { TextEdit } from '../../reading';
import { lineEnd, lineEndingAt, lineStart } from '../lines';
import { takesNeighbour, type Entry, type Home, type MapNode } from '../tree';

/** The value of a new key: a literal, or nested maps. */
export type NestedValue = string | ReadonlyMap<string, NestedValue>;

/** How each syntax writes maps in braces. */
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

/** Homes in which a new key gets the quotes of its neighbour, if any. */
const QUOTED_AS_NEIGHBOUR: ReadonlySet<Home> = new Set<Home>(['json', 'python-dict', 'python-argument']);

/** A new key in the notation of its home. */
export function keyIn(home: Home, name: string): string {
  return QUOTED_AS_NEIGHBOUR.has(home) ? name : (BRACES[home]?.key(name) ?? name);
}

/** Nested maps on one line, `{a: {b: 1}}`; null if the home has no braces. */
export function inBraces(branch: NestedValue, home: Home): string | null {
  const braces = BRACES[home];
  if (typeof branch === 'string') return branch;
  if (!braces) return null;
  const { open, close, colon, key } = braces;
  const parts = [...branch].map(([name, below]) => `${key(name)}${colon}${inBraces(below, home) ?? ''}`);
  return `${open}${parts.join(', ')}${close}`;
}

/** Nested maps on separate lines below a key of a YAML block, each after a line end. */
export function inLines(branch: NestedValue, indent: string, lineEnding: string): string {
  if (typeof branch === 'string') return ` ${branch}`;
  const deeper = `${indent}  `;
  return [...branch]
    .map(([name, below]) => `${lineEnding}${deeper}${YAML.key(name)}:${inLines(below, deeper, lineEnding)}`)
    .join('');
}

/** Every literal of nested maps with its path. */
export function leavesOf(
  branch: NestedValue,
  path: readonly string[] = [],
): { path: readonly string[]; literal: string }[] {
  if (typeof branch === 'string') return [{ path, literal: branch }];
  return [...branch].flatMap(([name, below]) => leavesOf(below, [...path, name]));
}

/** The white space before an entry that is the first on its line; null for other entries. */
export function indentOf(text: string, { keyRange }: Entry): string | null {
  const before = text.slice(lineStart(text, keyRange.start), keyRange.start).replace(/^\uFEFF/, '');
  return /^(?:\s|- )*$/.test(before) ? before.replaceAll('-', ' ') : null;
}

/** Adds the first entry of an empty map. */
export function insertFirst(text: string, map: MapNode, name: string, branch: NestedValue): TextEdit[] | null {
  const first = map.entries.find(takesNeighbour);
  if (!first) return null;
  const { home, keyRange } = first;
  const value = inBraces(branch, home);
  const braces = BRACES[home];
  if (value === null || !braces) return null;
  // In a call's arguments, the braces are those of a dict inside it.
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

/** The end of the header line of a TOML table; null for other maps. */
export function tableHeaderEnd(text: string, { range }: MapNode): number | null {
  return range.end > range.start && text[range.start] === '[' ? lineEnd(text, range.start) : null;
}
