import type { Range } from '../../reading';
import { commandTree } from './command';
import { commandIn, type MapNode, type Root, type ScalarNode, type SyntaxNode } from '../tree';
import { withScalars } from '../with-scalars';
import { sharedLock, type VariableValue, type Variable } from './variables';
import { knownStart, scalarOf, withoutOrigin, type Piece, type Word } from './words';
import { countWhile } from '../search';

/** A heredoc after expansion, piece by piece. */
export interface Heredoc {
  pieces: readonly Piece[];
  /** The file it is written to, or null if a program reads it. */
  file: string | null;
  /** The program that reads it. */
  program: string;
}

/** Collects the commands, assignments and heredocs of a script of any shell. */
export class Script {
  private readonly commands: MapNode[] = [];
  private readonly variables: Variable[] = [];
  readonly heredocs: Heredoc[] = [];

  /** Offsets of the line starts. */
  private readonly starts: readonly number[];

  /** @param programs see {@link programOf} */
  constructor(
    readonly source: string,
    private readonly programs?: ReadonlySet<string>,
  ) {
    this.starts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  /** One-based line of an offset. The line starts are computed once, because a script has many variables. */
  lineAt(offset: number): number {
    return countWhile(this.starts, (start) => start <= offset);
  }

  /** Adds a command. Commands without flags are ignored. */
  run(words: readonly Word[], range: Range): void {
    const [first] = words;
    if (first && /^--?[A-Za-z]/.test(knownStart(first))) this.cutOff(first, range);
    else if (words.length > 1) this.add(words, range);
  }

  /** Flags at the start of a line: a comment or a missing backslash has ended the command before. */
  private cutOff(first: Word, { start }: Range): void {
    const before = this.commands.at(-1);
    const between = before && this.source.slice(before.range.end, start);
    const command = before && commandIn(before);
    if (!command || !/^(?:[\s\\^`]|#[^\n]*)*$/.test(between ?? 'x')) return;
    command.cutOff = scalarOf(this.source, first);
  }

  private add(words: readonly Word[], range: Range): void {
    const tree = commandTree(this.source, words, range, this.programs);
    if (tree.entries.length > 0) this.commands.push(tree);
  }

  assigned(variable: Variable): void {
    this.variables.push(variable);
  }

  /** A root for every command with flags, in the order of the text, and a last one for the assignments. */
  roots(): Root[] {
    const commands = lockShared(this.commands.toSorted((a, b) => a.range.start - b.range.start));
    const roots = commands.map((node): Root => ({ node, lock: null }));
    if (this.variables.length === 0) return roots;
    const entries = this.variables.map(({ nameRange, held }) => ({
      key: this.source.slice(nameRange.start, nameRange.end),
      keyRange: nameRange,
      value: nodeOf(this.source, held, nameRange.end + 1),
      home: 'shell-assignment' as const,
    }));
    const range = { start: 0, end: this.source.length };
    return [...roots, { node: { kind: 'map', range, entries, tag: { kind: 'variables' } }, lock: null }];
  }
}

/** The value of a variable as a node of the tree. */
function nodeOf(source: string, held: VariableValue, at: number): SyntaxNode {
  const place = { start: at, end: at };
  if (held.kind === 'list') {
    return { kind: 'list', range: place, items: held.words.map((word) => scalarOf(source, word)) };
  }
  // Another script may source this file and use every variable, so nothing is written through a name.
  const pieces = held.kind === 'text' ? held.pieces.map(withoutOrigin) : [];
  const node = scalarOf(source, { range: place, pieces });
  return held.kind === 'unknown' ? { ...node, value: null, unresolved: node.raw, lock: held.lock } : node;
}

/** Locks values that several commands share, such as an item of an array. */
function lockShared(commands: readonly MapNode[]): MapNode[] {
  const counts = new Map<number, number>();
  const count = (node: ScalarNode): ScalarNode => {
    counts.set(node.inner.start, (counts.get(node.inner.start) ?? 0) + 1);
    return node;
  };
  for (const command of commands) withScalars(command, count);
  const locked = (node: ScalarNode): ScalarNode => {
    const users = counts.get(node.inner.start) ?? 0;
    if (users < 2) return node;
    return { ...withoutOrigin(node), lock: node.lock ?? sharedLock(users) };
  };
  return commands.map((command) => withScalars(command, locked));
}
