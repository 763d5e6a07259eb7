import type { Range } from '../../reading';
import { lineAt } from '../lines';
import { TOO_DEEP, tooMany } from '../bounds';
import { addTo } from '../table';
import { commandIn, withScalars, type Lock, type MapNode, type Parsed } from '../tree';
import type { Root, ScalarNode, SyntaxNode } from '../tree';
import { commandTree } from './command';
import { anyVariableLock, assignedLock, MAYBE_FLAGS, MOST_LINES, OUTSIDE_DEFAULT, sharedLock } from './locks';
import { unsetLock, usedLock } from './locks';
import { knownStart, scalarOf, textOf, unknownPiece, withoutOrigin, type Piece, type Word } from './words';

/** Longer values come from variables that double each other, and are not command lines. */
const MAX_LETTERS = 20_000;
/** How many characters before a name are looked at. */
const AROUND = 300;
/** `trainer="./train_network.py"` */
const SCRIPT_VALUE = /^\w+=["']?([\w./-]+\.py)(?=["']?(?:\s|;|$))/;
/** What a run is called may follow its numbers: `--run_name "r8_lr$LR"`. */
const IN_NAME = /\b(?:run|exp\w*|job|task|project|wandb\w*)[._-]?name[= ]["']?[^\s"'|>]*$/i;
/** A flag, whose name is no variable, or a word that may be one. */
const FLAG_OR_NAME = /(?<=^|[\s"'`(])--[\w.-]+|[A-Za-z_]\w*/g;

/** What stands before the name of a variable: `${` of `${ALPHA}`. */
const SIGN = /\$\{?[#!]?$|\b(?:export|readonly)\s[^\n;]{0,200}$/;
/** A script in which a bare name may be read: in arithmetic, indices, slices and numeric tests. */
const BARE = /\(\(|\$\[|\blet\b|\s-(?:eq|ne|lt|le|gt|ge|v)\s|\w\[[A-Za-z_(]|\$\{\w+:[^-=+?]/;
/** A script that may read variables, or pass them to programs, without naming them: `${!NAME}`, `set -a`. */
const UNNAMED = /\$\{!|\bset\s[^\n;]{0,100}(?:(?<=\s)-\w{0,20}a|allexport)/;

/** The places of a script that may assign a variable. */
export class Assigners {
  readonly places = new Map<string, number[]>();
  /** Offset of code that may assign any variable: `source settings.sh`. */
  anything: number | null = null;
  /** Variables that are assigned a text with flags. */
  readonly withFlags = new Set<string>();

  add(name: string, offset: number): void {
    addTo(this.places, name, offset);
  }
}

/** The value of a variable: its words, of which a text is one; or why it is known only when the script runs. */
export type Held = { words: readonly Word[]; isList: boolean } | { lock: Lock };

interface Variable {
  held: Held;
  /** Range of the name at the assignment. */
  nameRange: Range;
  /** The number that it is assigned, and the lines of the places that may use it. */
  literal: { node: ScalarNode; lines: readonly number[] } | null;
}

/**
 * The commands and variables of a script, read from its first line to its last. A variable is known if one place of the
 * script assigns it and no code may assign any variable, and only up to the end of the block with that assignment:
 *
 *     if [ $1 ]; then
 *       LR=1e-4
 *       train --lr $LR    1e-4
 *     fi
 *     train --lr $LR      unknown, because line 2 may run or not
 */
export class Script {
  private readonly commands: MapNode[] = [];
  /** Of all commands, those of variables too. */
  private words = 0;
  private readonly variables: Variable[] = [];
  private readonly held = new Map<string, Variable>();
  private readonly blocks: { isFunction: boolean; names: string[] }[] = [];
  /** The variable whose value is read: `LR=${LR:-1e-4}`. */
  private assigning: string | null = null;
  /** Of the script: the offsets of every word in lower case, and how variables are read without their sign. */
  private seen: { mentions: Map<string, number[]>; isBare: boolean; isUnnamed: boolean } | null = null;

  /**
   * @param text the source as bash, at the same offsets
   * @param programs see `programOf`
   */
  constructor(
    readonly source: string,
    private readonly text: string,
    readonly assigners: Assigners,
    private readonly programs?: ReadonlySet<string>,
  ) {}

  /** Whether the current position is in a function, which has its own arguments. */
  get isInFunction(): boolean {
    return this.blocks.some(({ isFunction }) => isFunction);
  }

  /** The value of a variable here; undefined if the script does not set it. */
  get(name: string): Held | undefined {
    const { anything, places } = this.assigners;
    if (anything !== null) return { lock: anyVariableLock(lineAt(this.source, anything)) };
    const count = places.get(name)?.length ?? 0;
    const isSet = count > 1 || (count === 1 && name !== this.assigning);
    return this.held.get(name)?.held ?? (isSet ? this.unknown(name) : undefined);
  }

  /**
   * `NAME=value`.
   * @param isOwn whether the assignment has no other effect, such as exporting the variable
   */
  assign(name: string, nameRange: Range, read: () => Held, isOwn = true): void {
    this.assigning = name;
    const value = read();
    this.assigning = null;
    const { places, withFlags } = this.assigners;
    const isOpen = 'lock' in value && withFlags.has(name);
    const isKnown = places.get(name)?.length === 1 && sizeOf(value) < MAX_LETTERS && !isOpen;
    const literal = isOwn && isKnown ? this.literal(name, nameRange.start, value) : null;
    const variable = { held: isKnown ? value : this.unknown(name), nameRange, literal };
    this.blocks.at(-1)?.names.push(name);
    this.held.set(name, variable);
    this.variables.push(variable);
  }

  /** Reads code that may not run, or run again, or run later: a branch, a loop, a function. */
  block(read: () => void, isFunction = false): void {
    this.blocks.push({ isFunction, names: [] });
    read();
    for (const name of this.blocks.pop()?.names ?? []) this.held.delete(name);
  }

  /**
   * What a variable is in a word.
   * @param quoted whether its value stays one word
   */
  piecesOf(name: string, range: Range, quoted: boolean): Piece[] {
    const held = this.get(name);
    const variable = this.held.get(name);
    if (!held || 'lock' in held || !variable) {
      const lock = held && 'lock' in held ? held.lock : unsetLock(name);
      // A quoted value is one word, so it holds no flags.
      const piece = unknownPiece(range, quoted && lock.code === MAYBE_FLAGS ? { ...lock, code: 'reference' } : lock);
      return [{ ...piece, script: this.scriptOf(name) }];
    }
    const pieces = held.words[0]?.pieces ?? [];
    // A value of several words keeps the range of each.
    const isSeveral = !held.isList && /\s\S/.test(pieces.map(({ text }) => text).join(''));
    if (isSeveral && !quoted) return pieces.map((piece) => ({ ...piece, splits: piece.text !== null }));
    const unknown = pieces.find(({ text }) => text === null)?.lock;
    if (unknown) return [unknownPiece(range, unknown)];
    const { literal, nameRange } = variable;
    const here = lineAt(this.source, range.start);
    const uses = literal?.lines ?? [];
    const others = [...new Set(uses.filter((line) => line !== here))];
    const shown = others.length === 0 && uses.length > 1 ? [here] : others;
    const used = usedLock(name, lineAt(this.source, nameRange.start), shown);
    const isDefault = pieces.some(({ lock }) => lock?.code === OUTSIDE_DEFAULT);
    const lock = isDefault ? { ...used, code: OUTSIDE_DEFAULT } : used;
    const piece = { text: textOf({ range, pieces }), range, lock, splits: !quoted };
    return [literal ? { ...piece, origin: { node: literal.node, uses: literal.lines.length, also: '' } } : piece];
  }

  private unknown(name: string): Held {
    const offsets = this.assigners.places.get(name)?.slice(0, MOST_LINES + 2) ?? [];
    const lock = assignedLock(name, [...new Set(offsets.map((offset) => lineAt(this.source, offset)))]);
    return { lock: this.assigners.withFlags.has(name) ? { ...lock, code: MAYBE_FLAGS } : lock };
  }

  /** How the scripts end that branches assign a variable, if it is assigned nothing else. */
  private scriptOf(name: string): string {
    const places = this.assigners.places.get(name) ?? [];
    const values = (places.length > MOST_LINES ? [] : places).map(
      (offset) => SCRIPT_VALUE.exec(this.source.slice(offset, offset + AROUND))?.[1] ?? '',
    );
    let [end = ''] = values;
    while (!values.every((value) => value.endsWith(end))) end = end.slice(1);
    return /_[^_\W]+\.py$/.test(end) ? end : '';
  }

  /**
   * The number that a variable is assigned once; null if the value is no literal number, or if code may read the variable
   * without naming it. The plain text is searched for uses, including quotes, heredocs and arithmetic.
   */
  private literal(name: string, at: number, held: Held): Variable['literal'] {
    const { text } = this;
    this.seen ??= { mentions: mentionsIn(text), isBare: BARE.test(text), isUnnamed: UNNAMED.test(text) };
    const { mentions, isBare, isUnnamed } = this.seen;
    const [word] = 'lock' in held || held.isList || isUnnamed ? [] : held.words;
    const node = word && scalarOf(this.source, word);
    if (!node || node.lock !== null || typeof node.value !== 'number') return null;
    const uses = mentions.get(name.toLowerCase())?.filter((offset) => {
      const before = text.slice(Math.max(0, offset - AROUND), offset);
      return offset !== at && (isBare || (SIGN.test(before) && !IN_NAME.test(before)));
    });
    return { node, lines: uses?.map((offset) => lineAt(this.source, offset)) ?? [] };
  }

  /** Adds a command. Commands without flags are ignored, and all behind too many words: then nothing is read. */
  run(words: readonly Word[], range: Range): void {
    this.words += words.length;
    if (tooMany('nodes', this.words) !== null) return;
    const [first] = words;
    if (first && /^--?[A-Za-z]/.test(knownStart(first))) this.cutOff(first, range);
    else if (words.length > 1) {
      const tree = commandTree(this.source, words, range, this.programs);
      if (tree.entries.length > 0) this.commands.push(tree);
    }
  }

  /** Flags at the start of a line: a comment or a missing backslash has ended the command before. */
  private cutOff(first: Word, { start }: Range): void {
    const before = this.commands.at(-1);
    const command = before && commandIn(before);
    if (!command || !/^(?:[\s\\^`]|#[^\n]*)*$/.test(this.source.slice(before.range.end, start))) return;
    command.cutOff = scalarOf(this.source, first);
  }

  parsed(): Parsed {
    const message = tooMany('nodes', this.words);
    return message === null ? { ok: true, roots: this.roots() } : { ...TOO_DEEP, message };
  }

  /** A root for every command with flags, in the order of the text, and a last one for the assignments. */
  private roots(): Root[] {
    const { source, variables } = this;
    const commands = lockShared(this.commands.toSorted((a, b) => a.range.start - b.range.start));
    const roots = commands.map((node): Root => ({ node }));
    if (variables.length === 0) return roots;
    const entries = variables.map(({ nameRange: keyRange, held }) => {
      const value = nodeOf(source, held, keyRange.end + 1);
      return { key: this.text.slice(keyRange.start, keyRange.end), keyRange, value };
    });
    const range = { start: 0, end: source.length };
    return [...roots, { node: { kind: 'map', range, entries, tag: { kind: 'variables' } } }];
  }
}

/** The value of a variable as a node of the tree. */
function nodeOf(source: string, held: Held, at: number): SyntaxNode {
  const range = { start: at, end: at };
  if ('lock' in held) return scalarOf(source, { range, pieces: [unknownPiece(range, held.lock)] });
  if (held.isList) return { kind: 'list', range, items: held.words.map((word) => scalarOf(source, word)) };
  // Another script may source this file and use every variable, so nothing is written through a name.
  return scalarOf(source, { range, pieces: held.words.flatMap(({ pieces }) => pieces.map(withoutOrigin)) });
}

/** Locks values that several commands share, such as an item of an array. */
function lockShared(commands: readonly MapNode[]): MapNode[] {
  const users = new Map<number, number[]>();
  const count = (node: ScalarNode): ScalarNode => {
    addTo(users, node.inner.start, 1);
    return node;
  };
  for (const command of commands) withScalars(command, count);
  const locked = (node: ScalarNode): ScalarNode => {
    const { length = 0 } = users.get(node.inner.start) ?? [];
    return length < 2 ? node : { ...withoutOrigin(node), lock: node.lock ?? sharedLock(length) };
  };
  return commands.map((command) => withScalars(command, locked));
}

function mentionsIn(source: string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { 0: word, index } of source.matchAll(FLAG_OR_NAME)) addTo(found, word.toLowerCase(), index);
  return found;
}

function sizeOf(held: Held): number {
  const pieces = 'lock' in held ? [] : held.words.flatMap((word) => word.pieces);
  return pieces.reduce((sum, { text }) => sum + (text?.length ?? 0) + 10, 0);
}
