import * as l10n from '@vscode/l10n';
import type { Where } from '../../lines';
import {
  bareScalar,
  callIn,
  isDefault,
  type Entry,
  type Lock,
  type Origin,
  type ScalarNode,
  type SyntaxNode,
} from '../../tree';
import { childrenOf } from '../bindings';
import { byPlace } from '../by-place';
import { meaningOf, type Meaning } from '../names';
import { DICT_MAKERS, type Outline } from '../outline';
import type { Expression } from '../scope';
import { UsedIn } from './used-lines';
import { Uses } from './uses';

/** A name that stands for a value. */
interface Name {
  /** Says where else the value is used: `ALPHA, set in line 3, is also used in line 7.` */
  alsoUsedIn: (lines: string) => string;
  /** The places that use the value; null if unknown. */
  uses: readonly number[] | null;
  /** Why the value must not be written where the name is used. */
  lock?: Lock | null;
}

const UNBOUND: Meaning = { kind: 'unbound' };

/** What every evaluation of one text shares: its source, and the nodes of values that are not written here. */
export class Leaves {
  /** Words for offsets that were asked for. */
  private readonly places = new Map<number, string>();
  readonly uses: Uses;
  /** A callee as its library knows it: `optim.AdamW` is `torch.optim.AdamW` where the imports say so. */
  readonly path: (callee: Expression) => string;
  private readonly meaning: (name: Expression) => Meaning;
  private readonly usedIn = new UsedIn((offset) => this.where(offset));

  constructor(
    readonly text: string,
    readonly outline: Outline,
    private readonly whereIs: Where,
  ) {
    this.uses = new Uses(text, outline);
    this.path = byPlace(text.length, (callee) => this.pathOf(callee));
    this.meaning = byPlace(text.length, (name) => this.meaningAt(name));
  }

  private pathOf(callee: Expression): string {
    if (callee.name === 'VariableName') {
      const meaning = this.meaning(callee);
      return (meaning.kind === 'bound' ? meaning.binding.path : undefined) ?? this.source(callee);
    }
    const [object, , property] = callee.name === 'MemberExpression' ? childrenOf(callee) : [];
    if (object && property?.name === 'PropertyName') return `${this.path(object)}.${this.source(property)}`;
    return this.source(callee).replaceAll(/\s+/g, '');
  }

  /** Whether what is called is a class that this text defines. */
  isOwnClass(callee: Expression): boolean {
    const meaning = this.meaning(callee);
    return meaning.kind === 'bound' && meaning.binding.kind === 'class';
  }

  /** Whether what is called is a function that this text defines, though it may be called like one of Python's. */
  isOwnFunction(callee: Expression | null): boolean {
    const meaning = callee ? this.meaning(callee) : UNBOUND;
    if (meaning.kind !== 'bound') return meaning.kind === 'open';
    return meaning.binding.kind !== 'class' && meaning.binding.kind !== 'import';
  }

  private meaningAt(name: Expression): Meaning {
    if (name.name !== 'VariableName') return UNBOUND;
    return meaningOf(this.outline, this.source(name), name.from);
  }

  /**
   * The value `node` of a name, at a place that uses the name. A scalar can be written at this place, unless it is a
   * default that others may override. A list or a dict may change wherever it is used, so it is followed only if it has
   * one use. An object is always followed: readers that know its class judge its uses.
   */
  followed(expression: Expression, node: SyntaxNode, { alsoUsedIn, uses, lock = null }: Name): SyntaxNode {
    if (node.kind === 'scalar' && node.unresolved !== undefined) {
      const unset = node.unset === undefined ? {} : { unset: node.unset };
      return { ...this.unresolved(expression), unresolved: node.unresolved, ...unset };
    }
    if (node.kind !== 'scalar')
      return isObject(node) || uses?.length === 1 ? locked(node, lock) : this.unresolved(expression);
    const lines = uses ? this.usedIn.besides(uses, expression.from) : '';
    const also = lines === '' ? '' : alsoUsedIn(lines);
    const own = lock && { ...lock, message: also === '' ? lock.message : `${lock.message} ${also}` };
    const origin: Origin = { node, uses: uses?.length ?? Infinity, also };
    const kept = own ?? (isDefault(node.lock) ? node.lock : null);
    return { ...bareScalar(this.text, rangeOf(expression), node.value, kept), origin };
  }

  /** A computed value. It replaces the expression when written, unless a part is a default that others may override. */
  computed(expression: Expression, value: number, parts: readonly ScalarNode[]): ScalarNode {
    const node = bareScalar(
      this.text,
      rangeOf(expression),
      value,
      parts.map(({ lock }) => lock).find(isDefault) ?? null,
    );
    return { ...node, origin: { node: null, uses: 0, also: '' } };
  }

  /** A value that only a run could tell. */
  unresolved(expression: Expression): ScalarNode {
    const source = this.source(expression);
    const shown = source.length > 60 ? `${source.slice(0, 57)}...` : source;
    const message =
      source.length > 40 || source.includes('\n')
        ? l10n.t('This value is computed; write a number in its place, or change what it is made of.')
        : l10n.t`This value is computed (${source}); write a number in its place, or change what it is made of.`;
    return { ...bareScalar(this.text, rangeOf(expression), null, { code: 'expression', message }), unresolved: shown };
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

/** Whether a node is the call of a class, but not one that makes a dict. */
function isObject(node: SyntaxNode): boolean {
  if (node.kind !== 'map') return false;
  const callee = callIn(node)?.callee.split('.').at(-1);
  return callee !== undefined && !DICT_MAKERS.has(callee);
}

function locked(node: SyntaxNode, lock: Lock | null): SyntaxNode {
  if (node.kind === 'scalar') return { ...node, lock: node.lock ?? lock };
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => locked(item, lock)) };
  const entries = node.entries.map((entry): Entry => ({ ...entry, value: locked(entry.value, lock) }));
  return { ...node, entries };
}

export function rangeOf({ from, to }: Expression): { start: number; end: number } {
  return { start: from, end: to };
}
