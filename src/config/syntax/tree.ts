import type { Range } from '../reading';
import { addTo } from './table';
import type { Outline } from './python/outline';
import type { Expression, PythonTree } from './python/nodes';

export type Scalar = string | number | boolean | null;

/** Why a place in the file must not be written to. */
export interface Lock {
  code: string;
  message: string;
}

/** The origin of a value behind a name or an expression. */
export interface Origin {
  /** The value at the assignment of the name; null for an expression. */
  node: ScalarNode | null;
  /** The number of places that use the value, which would change with it; Infinity if unknown. */
  uses: number;
  /** `ALPHA, set in line 3, is also used in line 40.`; empty without other uses. */
  also: string;
}

export interface ScalarNode {
  kind: 'scalar';
  /** Range of the value token; empty if the key has no value. */
  range: Range;
  /** The range that a new value replaces: the token without its quotes, so that a string stays a string. */
  inner: Range;
  /** The source of `inner`. */
  raw: string;
  value: Scalar;
  quoted: boolean;
  lock: Lock | null;
  /**
   * The source of an expression that was not resolved (`args.rank`, `$1`), because only a run could tell its value, or
   * because the value is in another file. Then `value` is null, and no default replaces it.
   */
  unresolved?: string;
  /** Set if the value is not a literal. A new value written here replaces the name; the assignment stays. */
  origin?: Origin;
}

export interface ListNode {
  kind: 'list';
  range: Range;
  items: SyntaxNode[];
}

export interface MapNode {
  kind: 'map';
  range: Range;
  entries: Entry[];
  /** What the map stands for, if it is more than keys and values. */
  tag?: Command | Call | { kind: 'module'; program?: Program } | { kind: 'function' | 'variables' };
  /** The run of the tree that this map is, if there are several: `actor`. */
  run?: string;
}

/** A parsed Python text, for those who ask what it does with an object rather than what a value is. */
export interface Program {
  text: string;
  tree: PythonTree;
  outline: Outline;
  /** What an expression is; `unresolved` if only a run could tell. */
  evaluate: (expression: Expression) => SyntaxNode;
  /** A callee as its library knows it: `optim.AdamW` is `torch.optim.AdamW` where the imports say so. */
  path: (callee: Expression) => string;
}

/** The program behind a module's tree; null for any other tree. */
export const programOf = ({ tag }: MapNode): Program | null => (tag?.kind === 'module' && tag.program) || null;

/** A call in a program; the map holds its arguments. */
export interface Call {
  kind: 'call';
  /** The full name of the callee in its library: `peft.LoraConfig`. */
  callee: string;
  /** The class is defined in this file. */
  isOwn?: true;
  /** The command line gives its arguments; the map has the defaults of a class of this file. */
  isParsed?: true;
}

/** A command line; the map holds its flags. */
export interface Command {
  kind: 'command';
  /** The words that name the program, without options: `accelerate launch train.py`. */
  program: string;
  /** All that stands before the program: `accelerate launch --mixed_precision fp16`. */
  launcher: string;
  range: Range;
  /** Words that may be more flags, known only when the command runs: `"$@"`. */
  further: readonly ScalarNode[];
  /** The first flag after the end of the command that was meant for it. */
  cutOff?: ScalarNode;
  /** The config file that the command names, with the values that no flag sets. */
  config?: string;
}

export type SyntaxNode = ScalarNode | ListNode | MapNode;

/** The notation of the map around an entry, in which a new neighbour is written. */
export type Home =
  | `yaml-${'block' | 'flow'}`
  | `toml-${'table' | 'inline'}`
  | `argument${'' | '-text' | '-words'}`
  | `python-${'argument' | 'dict' | 'statement'}`
  | `shell-${'flag' | 'override' | 'argument'}`
  | 'json';

export interface Entry {
  key: string;
  keyRange: Range;
  value: SyntaxNode;
  /** Absent if no neighbour can be written. Only the lock of the value says whether the value may be written. */
  home?: Home | undefined;
  /** The entry stands for all keys that `**options` may add, which are unknown. */
  isSpread?: true;
}

/** One of the trees of a text: a YAML document, a command of a script. */
export interface Root {
  node: SyntaxNode;
  /** Its name for people, if a text has several. */
  name?: string;
}

/** The result of parsing: trees with exact ranges, or an error and its position. */
export type Parsed = { ok: true; roots: readonly Root[] } | ParseFailure;

export interface ParseFailure {
  ok: false;
  offset: number;
  message: string;
  /** Set if the text is valid, but too large to read. */
  code?: 'too-deep';
}

/** An entry beside which a new one can be written. */
export type Sibling = Entry & { home: Home };

export const takesNeighbour = (entry: Entry): entry is Sibling => entry.home !== undefined;

/** Whether an entry is written in its own map, not added by an anchor, `**options` or a reader. */
export const isWritten = ({ home }: Entry): boolean => home !== undefined;

/** Whether an entry has no key in the text: a positional argument, or an entry that a reader adds. */
export const isKeyless = ({ home, keyRange }: Entry): boolean => home === undefined && keyRange.start === keyRange.end;

/** The entries of a map, or of a list of pairs: `[("r", 8)]`; null for any other value. */
export function entriesIn(node: SyntaxNode): readonly Entry[] | null {
  if (node.kind !== 'list') return node.kind === 'map' ? node.entries : null;
  const entries = node.items.flatMap((item): Entry[] => {
    const [name, value, more] = item.kind === 'list' ? item.items : [];
    if (name?.kind !== 'scalar' || typeof name.value !== 'string' || !value || more) return [];
    return [{ key: name.value, keyRange: name.range, value }];
  });
  return entries.length === node.items.length ? entries : null;
}

/** The entry for the unknown keys of `**options`. It is an entry, so that no pass over entries misses it. */
export const spreadEntry = (keyRange: Range, value: ScalarNode): Entry => ({
  key: '**',
  keyRange,
  value,
  isSpread: true,
});

/** Whether a map may have unknown entries. */
export const hasSpread = ({ entries }: MapNode): boolean => entries.some(({ isSpread }) => isSpread);

export const commandIn = ({ tag }: MapNode): Command | null => (tag?.kind === 'command' ? tag : null);

export const callIn = ({ tag }: MapNode): Call | null => (tag?.kind === 'call' ? tag : null);

/** Whether a map is written in Python: a dict, or the arguments of a call. */
export const isCode = ({ entries }: MapNode): boolean =>
  entries.some(({ home }) => home === 'python-argument' || home === 'python-dict');

/** The last entry with this key; every reader that allows duplicates uses the last one. */
export function entryAt(root: SyntaxNode | null, path: readonly string[]): Entry | null {
  let node = root;
  let found: Entry | null = null;
  for (const key of path) {
    found = node?.kind === 'map' ? (entriesOf(node, key).at(-1) ?? null) : null;
    if (!found) return null;
    node = found.value;
  }
  return found;
}

/** Below this many entries a linear search is faster than building a table. */
const MANY = 64;

/** Entries are only ever added at the end. */
const TABLES = new WeakMap<MapNode, { count: number; byKey: Map<string, Entry[]> }>();

/** The entries of a map with a key, in the order of the text. */
export function entriesOf(map: MapNode, key: string): readonly Entry[] {
  const { entries } = map;
  if (entries.length < MANY) return entries.filter((entry) => entry.key === key);
  const table = TABLES.get(map) ?? { count: 0, byKey: new Map<string, Entry[]>() };
  TABLES.set(map, table);
  for (const entry of entries.slice(table.count)) addTo(table.byKey, entry.key, entry);
  table.count = entries.length;
  return table.byKey.get(key) ?? [];
}

/** The node at `path`, or null. `eps.0` is the first item of the list at `eps`. */
export function nodeAt(root: SyntaxNode | null, path: readonly string[]): SyntaxNode | null {
  let node = root;
  for (const step of path) {
    if (node?.kind === 'map') node = entryAt(node, [step])?.value ?? null;
    else node = node?.kind === 'list' ? (node.items[Number(step)] ?? null) : null;
  }
  return node;
}

/** The value of the scalar at `path`; undefined for null, for maps and lists, and if nothing is there. */
export function scalarAt(root: SyntaxNode | null, path: readonly string[]): Exclude<Scalar, null> | undefined {
  const node = nodeAt(root, path);
  return node?.kind === 'scalar' && node.value !== null ? node.value : undefined;
}

/**
 * Where a new value is written: `LR = 1e-4; lr=LR` → the `1e-4`, if nothing else uses LR; if something does, the `LR`
 * behind `lr=`.
 */
export function nodeToWrite(node: ScalarNode): ScalarNode {
  let found = node;
  for (let at = node; at.origin?.node && at.origin.uses === 1; at = at.origin.node) {
    if (at.lock && !isDefault(at.lock)) break;
    if (!at.origin.node.lock) found = at.origin.node;
  }
  return found;
}

/** The literal at the end of a chain of names; the scalar itself if it is no name. */
export const literalBehind = (node: ScalarNode): ScalarNode =>
  node.origin?.node ? literalBehind(node.origin.node) : node;

/** Whether a value is a default that the command line, or a call of the function, may override. */
export const isDefault = (lock: Lock | null): lock is Lock =>
  lock?.code === 'default-argument' || lock?.code === 'default-option';

/** Whether a node is or may be a number other than 0, also inside lists, maps and strings, or unresolved. */
export function mayBeNumber(node: SyntaxNode): boolean {
  if (node.kind === 'map') return callIn(node) !== null || node.entries.some(({ value }) => mayBeNumber(value));
  if (node.kind === 'list') return node.items.some(mayBeNumber);
  return (
    node.unresolved !== undefined ||
    (typeof node.value !== 'boolean' && Number(node.value ?? 0) !== 0 && !Number.isNaN(Number(node.value)))
  );
}

/** A scalar whose text is not quoted. */
export function bareScalar(text: string, range: Range, value: Scalar, lock: Lock | null = null): ScalarNode {
  return { kind: 'scalar', range, inner: range, raw: text.slice(range.start, range.end), value, quoted: false, lock };
}

/** A scalar in quotes. `value` is the unescaped string; of YAML one quote is a mark, the others are of the string. */
export function quotedScalar(text: string, range: Range, value: string, lock?: Lock | null, most = 3): ScalarNode {
  const marks = Math.min(most, /^("""|'''|["'])/.exec(text.slice(range.start, range.start + 3))?.[0].length ?? 0);
  const inner = { start: range.start + marks, end: range.end - marks };
  return { ...bareScalar(text, inner, value, lock ?? null), range, quoted: true };
}

export function withScalars<Node extends SyntaxNode>(node: Node, change: (scalar: ScalarNode) => SyntaxNode): Node;
export function withScalars(node: SyntaxNode, change: (scalar: ScalarNode) => SyntaxNode): SyntaxNode {
  if (node.kind === 'scalar') return change(node);
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => withScalars(item, change)) };
  return { ...node, entries: node.entries.map((entry) => ({ ...entry, value: withScalars(entry.value, change) })) };
}
