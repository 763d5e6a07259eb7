import type { Where } from '../lines';
import {
  bareScalar,
  isDefault,
  type Entry,
  type Lock,
  type Origin,
  type Scalar,
  type ScalarNode,
  type SyntaxNode,
} from '../tree';
import { listed } from '../listed';
import { meaningOf } from './names';
import type { Outline } from './outline';
import type { Expression } from './scope';
import { Uses } from './uses';

/** Nodes made of one text. Lists of lists of lists of names can make a small text endless. */
const MAX_NODES = 400_000;

/** A name that stands for a value. */
interface Name {
  /** `ALPHA, set in line 3,` */
  words: string;
  /** Where its value is taken; null where that cannot be told. */
  uses: readonly number[] | null;
  /** Why the value must not be written where the name is used. */
  lock?: Lock | null;
}

/** What every evaluation of one text shares: its source, its budget, and how a value that is not written here is told. */
export class Leaves {
  private left = MAX_NODES;
  /** Words for offsets that were asked for. */
  private readonly places = new Map<number, string>();
  readonly uses: Uses;

  constructor(
    readonly text: string,
    readonly outline: Outline,
    private readonly whereIs: Where,
  ) {
    this.uses = new Uses(text, outline);
  }

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

  /** Whether what is called is a function that this text defines, though it may be called like one of Python's. */
  isOwnFunction(callee: Expression | null): boolean {
    if (callee?.name !== 'VariableName') return false;
    const meaning = meaningOf(this.text, this.outline, this.source(callee), callee.from);
    return (
      meaning.kind === 'open' ||
      (meaning.kind === 'bound' && /^(?:function|assigned|other)$/.test(meaning.binding.kind))
    );
  }

  /**
   * `node`, seen from where a name is used that stands for it. A scalar is written to there, unless it is the default of
   * something that others set; the parts of a list or a dict stand where they are, for all that take it.
   */
  followed(expression: Expression, node: SyntaxNode, { words, uses, lock = null }: Name): SyntaxNode {
    if (node.kind === 'scalar' && node.unresolved !== undefined) {
      const unset = node.unset === undefined ? {} : { unset: node.unset };
      return { ...this.unresolved(expression), unresolved: node.unresolved, ...unset };
    }
    const others = (uses ?? []).filter((at) => at !== expression.from).toSorted((a, b) => a - b);
    const lines = [...new Set(others.map((at) => this.where(at)))];
    const also = lines.length === 0 ? '' : `${words} is also used in ${listed(lines, 5, 'further places')}.`;
    const own = lock && { ...lock, message: also === '' ? lock.message : `${lock.message} ${also}` };
    if (node.kind === 'scalar') {
      const origin: Origin = { node, uses: uses?.length ?? Infinity, also };
      const kept = own ?? (isDefault(node.lock) ? node.lock : null);
      return { ...bareScalar(this.text, rangeOf(expression), node.value, kept), origin };
    }
    const shared: Lock = {
      code: 'reference',
      message: `${also || `${words} may be used elsewhere.`} Write the value where it is used.`,
    };
    return this.locked(node, own ?? (uses?.length === 1 ? null : shared));
  }

  /** A value that is computed: it is written in place of the expression, unless something others set is part of it. */
  computed(expression: Expression, value: Scalar, parts: readonly SyntaxNode[]): ScalarNode {
    const locks = parts.map((part) => (part.kind === 'scalar' ? part.lock : null));
    const node = bareScalar(this.text, rangeOf(expression), value, locks.find(isDefault) ?? null);
    return { ...node, origin: { node: null, uses: 0, also: '' } };
  }

  private locked(node: SyntaxNode, lock: Lock | null): SyntaxNode {
    if (!this.spend()) return { kind: 'list', range: node.range, items: [] };
    if (node.kind === 'scalar') return { ...node, lock: node.lock ?? lock };
    if (node.kind === 'list') return { ...node, items: node.items.map((item) => this.locked(item, lock)) };
    const entries = node.entries.map((entry): Entry => ({
      ...entry,
      value: this.locked(entry.value, lock),
    }));
    return { ...node, entries };
  }

  /** A value that only a run could tell. */
  unresolved(expression: Expression): ScalarNode {
    const source = this.source(expression);
    const shown = source.length > 60 ? `${source.slice(0, 57)}...` : source;
    return { ...bareScalar(this.text, rangeOf(expression), null, this.expressionLock(expression)), unresolved: shown };
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

export function rangeOf({ from, to }: Expression): { start: number; end: number } {
  return { start: from, end: to };
}
