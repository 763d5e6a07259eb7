import { lineStart } from '../lines';
import type { Entry, Home } from '../tree';

/** The value of a new key: a literal, or nested maps. */
export type NestedValue = string | ReadonlyMap<string, NestedValue>;

/** How each syntax writes maps in braces, and which keys need no quotes. */
interface Braces {
  pad: '' | ' ';
  colon: string;
  plain: RegExp;
}

const YAML: Braces = { pad: '', colon: ': ', plain: /^[A-Za-z_][\w.-]*$/ };
const JSON_BRACES: Braces = { pad: '', colon: ': ', plain: /(?!)/ };
const TOML: Braces = { pad: ' ', colon: ' = ', plain: /^[\w-]+$/ };

const BRACES: Partial<Record<Home, Braces>> = {
  ...{ 'yaml-block': YAML, 'yaml-flow': YAML, 'toml-table': TOML, 'toml-inline': TOML },
  ...{ json: JSON_BRACES, 'python-dict': JSON_BRACES, 'python-argument': JSON_BRACES },
};

const quoted = ({ plain }: Braces, name: string): string => (plain.test(name) ? name : JSON.stringify(name));

/** A new key in the notation of its home. In JSON and Python it gets the quotes of its neighbour later. */
export function keyIn(home: Home, name: string): string {
  const braces = BRACES[home];
  return braces && braces !== JSON_BRACES ? quoted(braces, name) : name;
}

/** Nested maps on one line, `{a: {b: 1}}`; null if the home has no braces. */
export function inBraces(branch: NestedValue, home: Home): string | null {
  const braces = BRACES[home];
  if (typeof branch === 'string') return branch;
  if (!braces) return null;
  const { pad, colon } = braces;
  const parts = [...branch].map(([name, below]) => `${quoted(braces, name)}${colon}${inBraces(below, home) ?? ''}`);
  return `{${pad}${parts.join(', ')}${pad}}`;
}

/** Nested maps on separate lines below a key of a YAML block, each after a line end. */
export function inLines(branch: NestedValue, indent: string, lineEnding: string): string {
  if (typeof branch === 'string') return ` ${branch}`;
  const deeper = `${indent}  `;
  return [...branch]
    .map(([name, below]) => `${lineEnding}${deeper}${quoted(YAML, name)}:${inLines(below, deeper, lineEnding)}`)
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
