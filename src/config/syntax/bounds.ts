import * as l10n from '@vscode/l10n';
import type { SyntaxId } from '../reading';
import type { Parsed, ParseFailure, SyntaxNode } from './tree';

/**
 * Larger files are not read, so that no file blocks the editor. Read first in a new process, the slowest text of `npm run growth
 * -- --bound` takes a quarter to a third of a second (docs/speed.md). Of 2,768 public configs the largest has 1,836 marks, and the
 * largest script of a shell 956. Of 1,345 public programs that make LoRA, twelve are beyond the bounds of Python:
 * eleven tests of libraries and a graphical interface; the others have up to 29,018 tokens, 3,937 lines and assignments,
 * 1,673 dots, 2,326 commas, and 994 calls.
 */
interface Bound {
  /** Characters. */
  length: number;
  /** Line ends, commas, colons, brackets and signs of variables, which determine the time of a parser. */
  marks?: number;
  /** Line ends and `=`. `=` bounds the assignments, which are followed; statements behind `;` are not counted. */
  statements?: number;
  /** Words, line ends, and every other character but blanks. They determine the time of Python's parser. */
  tokens?: number;
  /** Dots, each of which may name a member of an object, which is followed. */
  dots?: number;
  /** Commas, each of which may separate the bases of a class, which are followed at every call of it. */
  commas?: number;
  /** Opening parentheses, also in strings and comments: an upper bound of the calls, whose arguments and results are followed. */
  parentheses?: number;
  /**
   * `get_peft_model` and `Trainer(`, also in imports and comments: an upper bound of these calls, whose results are followed
   * through the whole program.
   */
  trained?: number;
  /** Cells of a notebook. */
  cells?: number;
  /** `<`, because the parser of bash takes the square of the number of heredocs in a line. */
  redirects?: number;
}

/** Cells of a notebook that is read. Of 865 public notebooks one has more than 42 with code: 83. */
export const MOST_CELLS = 1000;

const SCRIPT: Bound = { length: 50_000, marks: 2500, redirects: 2000 };

const BOUNDS: Readonly<Record<SyntaxId, Bound>> = {
  yaml: { length: 1_200_000, marks: 12_000 },
  // The TOML parser keeps strings on the stack.
  toml: { length: 500_000, marks: 12_000 },
  json: { length: 4_000_000, marks: 16_000 },
  python: {
    length: 500_000,
    tokens: 32_000,
    statements: 4000,
    dots: 4000,
    commas: 3000,
    parentheses: 1000,
    trained: 200,
  },
  shell: SCRIPT,
  batch: SCRIPT,
  powershell: SCRIPT,
  // Mostly images, which are skipped.
  notebook: { length: 20_000_000, cells: MOST_CELLS },
};

/** Counts what a bound is about; stops above `enough`. */
type Count = (text: string, enough: number) => number;

function countOf(marks: string): Count {
  const codes = new Set([...marks].map((mark) => mark.charCodeAt(0)));
  return (text, enough) => countIn(text, codes, enough);
}

/** What is counted in a text, and what is said where there is more of it. */
const COUNTED: readonly [bound: Exclude<keyof Bound, 'length'>, count: Count, why: (most: number) => string][] = [
  [
    'marks',
    countOf('\n,:[]{}$%'),
    (most) =>
      l10n.t`This file has more than ${most} lines, keys and items. LoRA Alpha does not read files of that size.`,
  ],
  [
    'tokens',
    tokensIn,
    (most) =>
      l10n.t`This program has more than ${most} words and symbols. LoRA Alpha does not read programs of that size.`,
  ],
  [
    'statements',
    countOf('\n='),
    (most) =>
      l10n.t`This program has more than ${most} lines and assignments. LoRA Alpha does not read programs of that size.`,
  ],
  [
    'dots',
    countOf('.'),
    (most) => l10n.t`This program has more than ${most} dots. LoRA Alpha does not read programs of that size.`,
  ],
  [
    'commas',
    countOf(','),
    (most) => l10n.t`This program has more than ${most} commas. LoRA Alpha does not read programs of that size.`,
  ],
  [
    'parentheses',
    countOf('('),
    (most) =>
      l10n.t`This program has more than ${most} opening parentheses. LoRA Alpha does not read programs of that size.`,
  ],
  [
    'trained',
    (text, enough) => timesIn(text, 'get_peft_model', enough) + timesIn(text, 'Trainer(', enough),
    (most) =>
      l10n.t`This program mentions get_peft_model and trainers more than ${most} times. LoRA Alpha does not read programs of that size.`,
  ],
  [
    'cells',
    // A string of JSON cannot hold the mark: its quotes are escaped.
    (text, enough) => timesIn(text, '"cell_type"', enough),
    (most) => l10n.t`This notebook has more than ${most} cells. LoRA Alpha does not read notebooks of that size.`,
  ],
  [
    'redirects',
    countOf('<'),
    (most) => l10n.t`This script has more than ${most} redirections. LoRA Alpha does not read scripts of that size.`,
  ],
];

/** Why a text is too long to parse, or null. Fast for any length. */
export function tooLong(text: string, syntax: SyntaxId): string | null {
  const bounds = BOUNDS[syntax];
  if (text.length > bounds.length) {
    return l10n.t`This file has ${text.length} characters. LoRA Alpha reads files of up to ${bounds.length} characters.`;
  }
  for (const [bound, count, why] of COUNTED) {
    const most = bounds[bound];
    if (most !== undefined && text.length > most && count(text, most) > most) return why(most);
  }
  return null;
}

/** How many of each a file may hold. */
const MOST = {
  /** Texts that are parsed on their own: the commands of a notebook, heredocs. */
  documents: 200,
  /** Trees of a text: the commands of a script, the documents of a YAML file, the dicts of a program. */
  parts: 1000,
  /** Training runs. */
  runs: 200,
  /** Uses that are not understood, of all runs together. Of 1,345 public programs one has more than 1,300: 2,548. */
  unread: 5000,
};

/** Why a file with `count` of these is not read, or null. */
export function tooMany(what: keyof typeof MOST, count: number): string | null {
  const most = MOST[what];
  if (count <= most) return null;
  const words = {
    documents: l10n.t`This file has ${count} commands and embedded files. LoRA Alpha reads files of up to ${most}.`,
    parts: l10n.t`This file has ${count} commands, documents or dicts. LoRA Alpha reads files of up to ${most}.`,
    runs: l10n.t`This file has ${count} training runs. LoRA Alpha reads files of up to ${most}.`,
    unread: l10n.t`LoRA Alpha does not understand ${count} uses of the objects of this file's training runs. It reads files with up to ${most}.`,
  };
  return words[what];
}

/** Counts some marks; stops above `enough`. */
function countIn(text: string, marks: ReadonlySet<number>, enough: number): number {
  let count = 0;
  for (let at = 0; at < text.length && count <= enough; at += 1) if (marks.has(text.charCodeAt(at))) count += 1;
  return count;
}

/** How often a text holds this; stops above `enough`. */
function timesIn(text: string, mark: string, enough: number): number {
  let count = 0;
  for (let at = text.indexOf(mark); at >= 0 && count <= enough; at = text.indexOf(mark, at + mark.length)) count += 1;
  return count;
}

/** Counts the tokens of a program, strings and comments included; stops above `enough`. */
function tokensIn(text: string, enough: number): number {
  let count = 0;
  let isInWord = false;
  for (let at = 0; at < text.length && count <= enough; at += 1) {
    const code = text.charCodeAt(at);
    const isWord = code === 95 || code > 127 || (code > 47 && code < 58) || ((code | 32) > 96 && (code | 32) < 123);
    if (!(isWord && isInWord) && code !== 32 && code !== 9 && code !== 13) count += 1;
    isInWord = isWord;
  }
  return count;
}

/** Levels of nested maps and lists. */
export const MAX_DEPTH = 200;

/** Nodes after all aliases are expanded. */
const MAX_NODES = 400_000;

/** Aliases expand a tree beyond {@link MAX_NODES}. */
export class TreeTooLarge extends Error {}

export const TOO_DEEP: ParseFailure = {
  ok: false,
  code: 'too-deep',
  offset: 0,
  message: l10n.t`This file nests maps and lists more than ${MAX_DEPTH} levels deep, so LoRA Alpha does not read it.`,
};

const ALIAS_BOMB: Parsed = {
  ok: false,
  code: 'alias-bomb',
  offset: 0,
  message: l10n.t('The YAML aliases and merge keys of this file expand without end, so LoRA Alpha does not read it.'),
};

/** The result of `parse`, or an error if the tree is too deep or too large. */
export function bounded(parse: () => Parsed): Parsed {
  try {
    const parsed = parse();
    if (!parsed.ok) return parsed;
    const sizes = new Map<SyntaxNode, Size>();
    const all = parsed.roots.map(({ node }) => sizeOf(node, sizes, 0));
    if (all.some(({ depth }) => depth > MAX_DEPTH)) return TOO_DEEP;
    return all.reduce((sum, { nodes }) => sum + nodes, 0) > MAX_NODES ? ALIAS_BOMB : parsed;
  } catch (error) {
    if (error instanceof TreeTooLarge) return ALIAS_BOMB;
    // The parsers recurse for each level, and only absurd nesting overflows the stack.
    if (error instanceof RangeError) return TOO_DEEP;
    throw error;
  }
}

interface Size {
  nodes: number;
  depth: number;
}

const ONE: Size = { nodes: 1, depth: 1 };

/** The size of a node with all its children; shared nodes are measured once and counted each time. */
function sizeOf(node: SyntaxNode, known: Map<SyntaxNode, Size>, level: number): Size {
  if (node.kind === 'scalar') return ONE;
  const found = known.get(node);
  if (found) return found;
  const size: Size = { nodes: 1, depth: 0 };
  if (level <= MAX_DEPTH) {
    const children = node.kind === 'map' ? node.entries.map(({ value }) => value) : node.items;
    for (const child of children) {
      const { nodes, depth } = sizeOf(child, known, level + 1);
      size.nodes += nodes;
      size.depth = Math.max(size.depth, depth);
    }
  }
  size.depth += 1;
  known.set(node, size);
  return size;
}
