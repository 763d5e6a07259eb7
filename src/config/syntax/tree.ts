import type { Range } from '../reading';

export type Scalar = string | number | boolean | null;

/** Why a place in the file must not be written to. */
export interface Lock {
  code: string;
  message: string;
  /** The option or argument whose default the value is: `--resume`. */
  option?: string;
}

/** Where a value comes from for which a name or an expression stands. */
export interface Origin {
  /** The value where the name gets it; null behind an expression. */
  node: ScalarNode | null;
  /** In how many places it is taken from there, and would be another one; Infinity where that cannot be told. */
  uses: number;
  /** `ALPHA, set in line 3, is also used in line 40.`; empty where nothing else takes it. */
  also: string;
}

export interface ScalarNode {
  kind: 'scalar';
  /** Of the value token; empty where a key has no value. */
  range: Range;
  /** What a new value replaces: the token without its quotes, so that a text stays a text. */
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
  /**
   * Set beside `unresolved`: the option whose default, None, is the value. None is no number, but false in a condition.
   */
  unset?: string;
  /** Set where the value is no literal here. Written here, it is one; what it came from stays as it is. */
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
  /** What the map stands for, where it is more than keys and values. */
  tag?: Command | Call | { kind: 'module' | 'function' | 'variables' };
  /** Which run of the tree this is, where its trainer sees several or has to be told which: `actor`. */
  run?: string;
}

/** A call in a program, of which the map is the arguments. */
export interface Call {
  kind: 'call';
  /** The name of what is called, as its library knows it: `peft.LoraConfig`. */
  callee: string;
  /** Whether the class that is called is one of this text's own. */
  isOwn?: true;
}

/** A command line, of which the map is the flags. */
export interface Command {
  kind: 'command';
  /** The words that name the program, without options: `accelerate launch train.py`. */
  program: string;
  range: Range;
  /** Words that may be further flags, which only those know who start the command: `"$@"`. */
  further: readonly ScalarNode[];
  /** The first flag that was meant for the command and stands behind its end. */
  cutOff?: ScalarNode;
  /** The config file that the command names, which holds what no flag says. */
  config?: string;
}

export type SyntaxNode = ScalarNode | ListNode | MapNode;

/** The notation of the map that holds an entry, in which a neighbour is written. */
export type Home =
  | 'yaml-block'
  | 'yaml-flow'
  | 'json'
  | 'toml-table'
  | 'toml-inline'
  | 'argument'
  | 'argument-text'
  | 'argument-words'
  | 'flag-words'
  | 'python-argument'
  | 'python-dict'
  | 'python-statement'
  | 'shell-flag'
  | 'shell-override'
  | 'shell-argument'
  | 'shell-assignment';

export interface Entry {
  key: string;
  keyRange: Range;
  value: SyntaxNode;
  /** Absent where no neighbour can be written. Whether the value may be written is said by its lock alone. */
  home?: Home | undefined;
  /** Whether the entry stands for all that `**options` may bring, which only a run could tell. */
  isSpread?: true;
}

/** One of the trees of a text: a YAML document, a command of a script. */
export interface Root {
  node: SyntaxNode;
  /** Why nothing in it may be written to. */
  lock: Lock | null;
  /** What people call it, where a text has several. */
  name?: string;
}

/** What every syntax makes of a text: trees with exact ranges, or where and why it is broken. */
export type Parsed =
  | {
      ok: true;
      roots: readonly Root[];
      /** Where a second YAML document begins, be it empty. */
      second?: number;
    }
  | {
      ok: false;
      offset: number;
      message: string;
      /** Not broken, but more than is read. */
      code?: 'too-deep' | 'alias-bomb';
    };

/** An entry beside which a new one can be written. */
export type Sibling = Entry & { home: Home };

/** Whether a new entry can be written beside this one. */
export function takesNeighbour(entry: Entry): entry is Sibling {
  return entry.home !== undefined;
}

/** Whether an entry is written in its own map, and not brought by an anchor, `**options` or a reader. */
export function isWritten({ home }: Entry): boolean {
  return home !== undefined;
}

/** Whether an entry has no key in the text: an argument by its place, or what a reader adds. */
export function isKeyless({ home, keyRange }: Entry): boolean {
  return home === undefined && keyRange.start === keyRange.end;
}

/** The entry for what an expression behind `**` may bring. It stays an entry, so that no pass over entries misses it. */
export function spreadEntry(keyRange: Range, value: ScalarNode): Entry {
  return { key: '**', keyRange, value, isSpread: true };
}

/** Whether a map may hold any entry beside those that are known. */
export function hasSpread({ entries }: MapNode): boolean {
  return entries.some(({ isSpread }) => isSpread);
}

/** The command whose flags a map is, or null. */
export function commandIn({ tag }: MapNode): Command | null {
  return tag?.kind === 'command' ? tag : null;
}

/** The call whose arguments a map is, or null. */
export function callIn({ tag }: MapNode): Call | null {
  return tag?.kind === 'call' ? tag : null;
}

/** Whether a map is written in Python: a dict, or the arguments of a call. */
export function isCode({ entries }: MapNode): boolean {
  return entries.some(({ home }) => home === 'python-argument' || home === 'python-dict');
}

/** The last entry with this key, which is the one that counts in every reader that allows two. */
export function entryAt(root: SyntaxNode | null, path: readonly string[]): Entry | null {
  let node = root;
  let found: Entry | null = null;
  for (const key of path) {
    found = node?.kind === 'map' ? entryOf(node, key) : null;
    if (!found) return null;
    node = found.value;
  }
  return found;
}

/** Below this many entries a linear search is faster than building a table. */
const MANY = 64;

const TABLES = new WeakMap<MapNode, { count: number; byKey: ReadonlyMap<string, Entry> }>();

function entryOf(map: MapNode, key: string): Entry | null {
  const { entries } = map;
  if (entries.length < MANY) return entries.findLast((entry) => entry.key === key) ?? null;
  let table = TABLES.get(map);
  if (table?.count !== entries.length) {
    table = { count: entries.length, byKey: new Map(entries.map((entry) => [entry.key, entry])) };
    TABLES.set(map, table);
  }
  return table.byKey.get(key) ?? null;
}

/** The node at `path`, or null where nothing stands. `eps.0` is the first item of the list at `eps`. */
export function nodeAt(root: SyntaxNode | null, path: readonly string[]): SyntaxNode | null {
  let node = root;
  for (const step of path) {
    if (node?.kind === 'map') node = entryAt(node, [step])?.value ?? null;
    else node = node?.kind === 'list' ? (node.items[Number(step)] ?? null) : null;
  }
  return node;
}

/** The value of the scalar at `path`; undefined where nothing, nothing but null, or a container stands. */
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

/** The literal behind all names that stand for a value; the scalar itself where no name does. */
export function literalBehind(node: ScalarNode): ScalarNode {
  return node.origin?.node ? literalBehind(node.origin.node) : node;
}

/** Whether a value holds only where nobody gives another one when the program is started, or the function is called. */
export function isDefault(lock: Lock | null): lock is Lock {
  return lock?.code === 'default-argument' || lock?.code === 'default-option';
}

/** Whether a number other than 0 stands here, or may: in a list or map, a text, or outside this file. */
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

/** A scalar between quotes. `value` is what the quotes hold, unescaped. */
export function quotedScalar(text: string, range: Range, value: string, lock: Lock | null = null): ScalarNode {
  const marks = /^("""|'''|["'])/.exec(text.slice(range.start, range.start + 3))?.[0].length ?? 0;
  const inner = { start: range.start + marks, end: range.end - marks };
  return { kind: 'scalar', range, inner, raw: text.slice(inner.start, inner.end), value, quoted: true, lock };
}
