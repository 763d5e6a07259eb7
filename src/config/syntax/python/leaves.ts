import type { Where } from '../lines';
import { bareScalar, type Entry, type Lock, type ScalarNode, type SyntaxNode } from '../tree';
import { meaningOf } from './names';
import type { Expression, Outline } from './outline';

/** Nodes made of one text. Lists of lists of lists of names can make a small text endless. */
const MAX_NODES = 400_000;

/** What every evaluation of one text shares: its source, its budget, and how a value that is not written here is told. */
export class Leaves {
  private left = MAX_NODES;
  /** Words for offsets that were asked for. */
  private readonly places = new Map<number, string>();

  constructor(
    readonly text: string,
    readonly outline: Outline,
    private readonly whereIs: Where,
  ) {}

  /** Takes one node from the budget; false when it is spent. */
  spend(): boolean {
    this.left -= 1;
    return this.left >= 0;
  }

  /** A callee as its library knows it: `optim.AdamW` is `torch.optim.AdamW` where the imports say so. */
  path(callee: Expression): string {
    const source = this.source(callee).replace(/\s+/g, '');
    const [first = '', ...rest] = source.split('.');
    const meaning = /^\w+$/.test(first) ? meaningOf(this.text, this.outline, first, callee.from) : null;
    const path = meaning?.kind === 'bound' ? meaning.binding.path : undefined;
    return path === undefined ? source : [path, ...rest].join('.');
  }

  /** Whether what is called is a class that this text defines. */
  isOwnClass(callee: Expression): boolean {
    const source = this.source(callee);
    const meaning = /^\w+$/.test(source) ? meaningOf(this.text, this.outline, source, callee.from) : null;
    return meaning?.kind === 'bound' && meaning.binding.kind === 'class';
  }

  /** `node`, seen from where it is used: its scalars cannot be written to there. */
  lent(expression: Expression, node: SyntaxNode, lock: Lock): SyntaxNode {
    if (node.kind === 'scalar') {
      if (node.elsewhere !== undefined) return { ...this.elsewhere(expression), elsewhere: node.elsewhere };
      return bareScalar(this.text, rangeOf(expression), node.value, lock);
    }
    return this.locked(node, lock);
  }

  private locked(node: SyntaxNode, lock: Lock): SyntaxNode {
    if (!this.spend()) return { kind: 'list', range: node.range, items: [] };
    if (node.kind === 'scalar') return { ...node, lock: node.lock ?? lock };
    if (node.kind === 'list') return { ...node, items: node.items.map((item) => this.locked(item, lock)) };
    const entries = node.entries.map((entry): Entry => ({
      ...entry,
      value: this.locked(entry.value, lock),
      home: 'fixed',
    }));
    return { ...node, entries };
  }

  /** A value that only a run could tell. */
  elsewhere(expression: Expression): ScalarNode {
    const source = this.source(expression);
    const shown = source.length > 60 ? `${source.slice(0, 57)}...` : source;
    return { ...bareScalar(this.text, rangeOf(expression), null, this.expressionLock(expression)), elsewhere: shown };
  }

  /** The lock of a value that is computed. */
  expressionLock(expression: Expression): Lock {
    const source = this.source(expression);
    const shown = source.length > 40 || source.includes('\n') ? '' : ` (${source})`;
    return {
      code: 'expression',
      message: `This value is computed${shown}; write a number in its place, or change what it is made of.`,
    };
  }

  source({ from, to }: Expression): string {
    return this.text.slice(from, to);
  }

  /** `line 12` */
  where(offset: number): string {
    const known = this.places.get(offset) ?? this.whereIs(offset);
    this.places.set(offset, known);
    return known;
  }
}

/** The lock of a value that stands in a variable. */
export function referenceLock(name: string, where: string): Lock {
  return { code: 'reference', message: `The value stands in ${name}, which is set in ${where}; change it there.` };
}

export function rangeOf({ from, to }: Expression): { start: number; end: number } {
  return { start: from, end: to };
}
