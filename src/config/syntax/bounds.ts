import * as l10n from '@vscode/l10n';
import type { SyntaxId } from '../reading';
import type { Parsed, SyntaxNode } from './tree';

/**
 * What is not read, so that no text holds an editor up: no parser here takes longer than about a quarter of a second
 * for what is within these bounds. Real configs are hundreds of times smaller.
 */
interface Bound {
  /** Characters. */
  length: number;
  /** Line ends, commas, colons and brackets: what a parser's time grows with. */
  marks: number;
}

const TREE: Bound = { length: 2_000_000, marks: 60_000 };

const BOUNDS: Readonly<Record<SyntaxId, Bound>> = {
  yaml: TREE,
  // Its parser keeps a text on the stack.
  toml: { length: 500_000, marks: 60_000 },
  json: { length: 4_000_000, marks: 300_000 },
  python: { length: 1_000_000, marks: 60_000 },
  shell: TREE,
  batch: TREE,
  powershell: TREE,
  // Mostly pictures, which are not looked into.
  notebook: { length: 20_000_000, marks: Number.POSITIVE_INFINITY },
};

/** Why a text is not parsed, or null. Takes a moment even for the largest. */
export function tooLong(text: string, syntax: SyntaxId): string | null {
  const { length, marks } = BOUNDS[syntax];
  if (text.length > length) {
    return l10n.t`This file has ${text.length} characters. LoRA Alpha reads files of up to ${length} characters.`;
  }
  if (text.length <= marks || marksIn(text, marks) <= marks) return null;
  return l10n.t`This file has more than ${marks} lines, keys and items. LoRA Alpha does not read files of that size.`;
}

const MARKS = new Set([...'\n,:[]{}'].map((mark) => mark.charCodeAt(0)));

function marksIn(text: string, enough: number): number {
  let count = 0;
  for (let at = 0; at < text.length && count <= enough; at += 1) if (MARKS.has(text.charCodeAt(at))) count += 1;
  return count;
}

/** Levels of maps and lists in each other. */
const MAX_DEPTH = 200;

/** Nodes that somebody who follows every alias would meet. */
const MAX_NODES = 400_000;

/** A tree that aliases make larger than its file. */
export class TreeTooLarge extends Error {}

export const TOO_DEEP: Parsed = {
  ok: false,
  code: 'too-deep',
  offset: 0,
  message: l10n.t`This file nests maps and lists more than ${MAX_DEPTH} levels deep, so LoRA Alpha does not read it.`,
};

export const ALIAS_BOMB: Parsed = {
  ok: false,
  code: 'alias-bomb',
  offset: 0,
  message: l10n.t('The YAML aliases and merge keys of this file expand without end, so LoRA Alpha does not read it.'),
};

/** What `parse` makes of a text, unless that is too deep or too large to be walked. */
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
    // The parsers call themselves a level; the stack ends long after any config does.
    if (error instanceof RangeError) return TOO_DEEP;
    throw error;
  }
}

interface Size {
  nodes: number;
  depth: number;
}

/** Of a node with everything below it; what several places share is looked at once and counted each time. */
function sizeOf(node: SyntaxNode, known: Map<SyntaxNode, Size>, level: number): Size {
  const found = known.get(node);
  if (found) return found;
  const size: Size = { nodes: 1, depth: 0 };
  if (node.kind !== 'scalar' && level <= MAX_DEPTH) {
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
