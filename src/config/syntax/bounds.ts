import * as l10n from '@vscode/l10n';
import type { SyntaxId } from '../reading';
import type { Parsed, ParseFailure, SyntaxNode } from './tree';

/** The most of something that a text may hold, what counts as one, and its word. */
type Bound = readonly [most: number, pattern: RegExp, noun: string];

/** Cells of a notebook that is read. Of 865 public notebooks one has more than 42 with code: 83. */
export const MOST_CELLS = 1000;

const ITEMS = l10n.t('lines, keys and items');
const SCRIPT: readonly Bound[] = [
  [2500, /[\n,:[\]{}$%@]/g, ITEMS],
  // The parser of bash takes the square of the number of heredocs in a line.
  [2000, /</g, l10n.t('redirections')],
];

/**
 * Larger files are not read, so that no file blocks the editor. Read first in a new process, the slowest text of `npm run growth
 * -- --bound` takes a quarter to a third of a second (docs/speed.md). Of 2,768 public configs the largest has 1,836 items, and
 * the largest script of a shell 956. Of 1,345 public programs that make LoRA, twelve are beyond the bounds of Python:
 * eleven tests of libraries and a graphical interface; the others have up to 29,018 tokens, 3,937 lines and assignments,
 * 1,673 dots, 2,326 commas, and 994 calls.
 */
const BOUNDS: Readonly<Record<SyntaxId, readonly [length: number, ...Bound[]]>> = {
  yaml: [1_200_000, [12_000, /[\n,:[\]{}$%!&*"']|[-?|>] /g, ITEMS]],
  // The package keeps a string on the stack, a call argument a character.
  toml: [60_000, [12_000, /[\n,:[\]{}$%]/g, ITEMS]],
  json: [1_500_000, [16_000, /[\n,:[\]{}$%]/g, ITEMS]],
  python: [
    500_000,
    // Behind a `#`, marks are no code: a banner counts once.
    [32_000, /#[ \t]*[=#*~-]*|[A-Za-z0-9_\u0080-\uFFFF]+|[^ \t\r]/g, l10n.t('words and symbols')],
    // Values are followed through assignments, members, bases of classes, calls and trainings. `==` is one sign.
    [4000, /\n|=+/g, l10n.t('lines and assignments')],
    [4000, /\./g, l10n.t('dots')],
    [3000, /,/g, l10n.t('commas')],
    [1000, /\(/g, l10n.t('opening parentheses')],
    [200, /get_peft_model|Trainer\(/g, l10n.t('mentions of get_peft_model and trainers')],
  ],
  shell: [50_000, ...SCRIPT],
  powershell: [50_000, ...SCRIPT],
  // Mostly images, which are skipped. A string of JSON cannot hold the mark of a cell: its quotes are escaped.
  notebook: [20_000_000, [MOST_CELLS, /"cell_type"/g, l10n.t('cells')]],
};

/** Why a text is too long to parse, or null. Fast for any length. */
export function tooLong(text: string, syntax: SyntaxId): string | null {
  const [length, ...bounds] = BOUNDS[syntax];
  if (text.length > length) return moreThan(length, l10n.t('characters'));
  const broken = bounds.find(([most, pattern]) => text.length > most && holdsMore(text, most, pattern));
  return broken ? moreThan(broken[0], broken[2]) : null;
}

function holdsMore(text: string, most: number, pattern: RegExp): boolean {
  let count = 0;
  for (pattern.lastIndex = 0; count <= most && pattern.test(text);) count += 1;
  return count > most;
}

function moreThan(most: number, noun: string): string {
  return l10n.t`This file has more than ${most} ${noun}. LoRA Alpha does not read files of that size.`;
}

const MOST = {
  /** Texts that are parsed on their own: the commands and files of a notebook. */
  documents: [200, l10n.t('commands and embedded files')],
  /** Trees of a text: the commands of a script, the documents of a YAML file, the dicts of a program. */
  parts: [1000, l10n.t('commands, documents or dicts')],
  runs: [200, l10n.t('training runs')],
  /** Of all trees together. Of 2,796 public configs one has 2,814, the most. */
  nodes: [20_000, l10n.t('values, counted wherever a variable or name puts them')],
  /** Of all runs together. Of 5,365 public files the most is 32. */
  recipes: [2000, l10n.t('networks with LoRA')],
  /** Of all runs together. Of 1,345 public programs one has more than 1,300: 2,548. */
  unread: [5000, l10n.t('parts that LoRA Alpha does not understand')],
} as const;

/** Why a file with `count` of these is not read, or null. */
export function tooMany(what: keyof typeof MOST, count: number): string | null {
  const [most, noun] = MOST[what];
  return count > most ? moreThan(most, noun) : null;
}

/** Levels of nested maps and lists. */
export const MAX_DEPTH = 200;

export const TOO_DEEP: ParseFailure = {
  ok: false,
  code: 'too-deep',
  offset: 0,
  message: l10n.t`This file nests maps and lists more than ${MAX_DEPTH} levels deep, so LoRA Alpha does not read it.`,
};

/** Nodes of trees in which variables and names may stand for the same values many times, and the levels of the deepest. */
export function sizeOfAll(items: readonly SyntaxNode[]): Size {
  const { nodes, depth } = sizeOf({ kind: 'list', range: { start: 0, end: 0 }, items: [...items] }, new Map(), -1);
  return { nodes: nodes - 1, depth: depth - 1 };
}

/** The result of `parse`, or an error if there are too many trees, or they are too deep or too large. */
export function bounded(parse: () => Parsed): Parsed {
  try {
    const parsed = parse();
    if (!parsed.ok) return parsed;
    const { nodes, depth } = sizeOfAll(parsed.roots.map(({ node }) => node));
    if (depth > MAX_DEPTH) return TOO_DEEP;
    const message = tooMany('parts', parsed.roots.length) ?? tooMany('nodes', nodes);
    return message === null ? parsed : { ...TOO_DEEP, message };
  } catch (error) {
    // The parsers recurse for each level, and only absurd nesting overflows the stack.
    if (error instanceof RangeError) return TOO_DEEP;
    throw error;
  }
}

interface Size {
  nodes: number;
  depth: number;
}

/** The size of a node with all its children; shared nodes are measured once and counted each time. */
function sizeOf(node: SyntaxNode, known: Map<SyntaxNode, Size>, level: number): Size {
  const size = known.get(node) ?? { nodes: 1, depth: 1 };
  if (node.kind === 'scalar' || level > MAX_DEPTH || known.has(node)) return size;
  for (const child of node.kind === 'map' ? node.entries.map(({ value }) => value) : node.items) {
    const { nodes, depth } = sizeOf(child, known, level + 1);
    size.nodes += nodes;
    size.depth = Math.max(size.depth, depth + 1);
  }
  known.set(node, size);
  return size;
}
