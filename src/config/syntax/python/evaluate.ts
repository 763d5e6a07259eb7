import type { Where } from '../lines';
import {
  bareScalar,
  isKeyless,
  spreadEntry,
  type Entry,
  type Lock,
  type MapNode,
  type ScalarNode,
  type SyntaxNode,
} from '../tree';
import { computed, converted } from './arithmetic';
import { childrenOf } from './bindings';
import { Branches } from './branches';
import { placeOf } from './by-place';
import { Leaves, rangeOf } from './leaves';
import { pythonNumber, stringToken } from './literals';
import { argumentsOf } from './names';
import { pairsOf } from './options';
import { DICT_MAKERS, lastName, type Outline } from './outline';
import type { Expression } from './scope';
import { References } from './references';

/** Deeper expressions, and longer chains of names, are left open. */
const MAX_DEPTH = 60;

/** Makes our nodes of a program's expressions: what can be known without running anything. */
export class Evaluator {
  private readonly calls = new Map<number, MapNode>();
  private readonly leaves: Leaves;
  private readonly references: References;
  readonly branches: Branches;

  constructor(
    private readonly text: string,
    outline: Outline,
    where: Where,
  ) {
    this.leaves = new Leaves(text, outline, where);
    this.branches = new Branches(text, outline.tree, (expression) => this.node(expression));
    this.references = new References(this.leaves, this.branches, (expression, depth) => this.node(expression, depth));
  }

  /** What `expression` is; a scalar that is `elsewhere` where only a run could tell. */
  node(expression: Expression, depth = 0): SyntaxNode {
    if (!this.leaves.spend() || depth > MAX_DEPTH) return this.leaves.unresolved(expression);
    switch (expression.name) {
      case 'Number':
        return this.number(expression);
      case 'String':
      case 'FormatString':
        return this.string(expression);
      case 'Boolean':
        return bareScalar(this.text, rangeOf(expression), this.leaves.source(expression) === 'True');
      case 'None':
        return bareScalar(this.text, rangeOf(expression), null);
      case 'ContinuedString':
        return this.joined(expression);
      case 'ParenthesizedExpression':
      case 'NamedExpression': {
        const inner = childrenOf(expression).findLast(({ name }) => !/^[()]$/.test(name));
        if (!inner) return this.leaves.unresolved(expression);
        const node = this.node(inner, depth + 1);
        // Parentheses are around the value as quotes are: a neighbour stands behind them.
        return node.kind === 'scalar' ? { ...node, range: rangeOf(expression) } : node;
      }
      case 'UnaryExpression':
        return this.unary(expression, depth);
      case 'BinaryExpression':
        return this.binary(expression, depth);
      case 'ArrayExpression':
      case 'TupleExpression':
      case 'SetExpression':
        return this.list(expression, depth);
      case 'DictionaryExpression':
        return this.dict(expression, depth);
      case 'CallExpression':
        return this.value(expression, depth);
      case 'VariableName':
        return this.references.name(expression, this.leaves.source(expression), depth);
      case 'MemberExpression':
        return this.dotless(expression) ?? this.references.member(expression, depth);
      default:
        return this.leaves.unresolved(expression);
    }
  }

  /** An expression whose value is not known, whatever it says. */
  unknown(expression: Expression): ScalarNode {
    return this.leaves.unresolved(expression);
  }

  /** A callee as its library knows it. */
  path(callee: Expression): string {
    return this.leaves.path(callee);
  }

  /** A call's keyword arguments, and its positional ones under their numbers. */
  call(expression: Expression, depth = 0): MapNode {
    const known = this.calls.get(placeOf(expression));
    if (known) return known;
    const { keywords, positional, spreads } = argumentsOf(this.text, expression);
    const entries: Entry[] = positional.map((node, index) => ({
      key: String(index),
      keyRange: { start: node.from, end: node.from },
      value: this.node(node, depth + 1),
    }));
    for (const [index, { name, nameNode, value }] of keywords.entries()) {
      for (const spread of spreads) if (spread.at === index) entries.push(...this.spread(spread.value, depth));
      entries.push({
        key: name,
        keyRange: rangeOf(nameNode),
        value: this.node(value, depth + 1),
        home: 'python-argument',
      });
    }
    for (const spread of spreads) if (spread.at === keywords.length) entries.push(...this.spread(spread.value, depth));
    const callee = expression.firstChild;
    const map: MapNode = {
      kind: 'map',
      range: rangeOf(expression),
      entries,
      tag: {
        kind: 'call',
        callee: callee ? this.leaves.path(callee) : '',
        ...(callee && this.leaves.isOwnClass(callee) ? { isOwn: true as const } : {}),
      },
    };
    this.calls.set(placeOf(expression), map);
    return map;
  }

  /** A dict literal, or a call that makes one, as a map. */
  dict(expression: Expression, depth = 0): MapNode {
    if (expression.name === 'CallExpression') return this.madeDict(expression, depth);
    const entries = pairsOf(expression).flatMap((pair): Entry[] => {
      if ('spread' in pair) return this.spread(pair.spread, depth);
      const token = pair.key.name === 'String' ? stringToken(this.leaves.source(pair.key)) : null;
      return [
        {
          key: token?.value ?? this.leaves.source(pair.key),
          keyRange: rangeOf(pair.key),
          value: this.node(pair.value, depth + 1),
          home: token ? 'python-dict' : undefined,
        },
      ];
    });
    return { kind: 'map', range: rangeOf(expression), entries };
  }

  /** `DictDefault({...}, a=1)`: the entries of the literal within, and the keyword arguments. */
  private madeDict(expression: Expression, depth: number): MapNode {
    const call = this.call(expression, depth);
    const entries = call.entries.flatMap((entry) => {
      if (!isKeyless(entry)) return [entry];
      return entry.value.kind === 'map' ? entry.value.entries : [];
    });
    return { ...call, entries };
  }

  /** A call as a value: a dict or an object that is made of its arguments, a number that is converted, or open. */
  private value(expression: Expression, depth: number): SyntaxNode {
    const name = lastName(this.text, expression.firstChild);
    if (this.leaves.isOwnFunction(expression.firstChild)) return this.leaves.unresolved(expression);
    if (DICT_MAKERS.has(name)) return this.madeDict(expression, depth);
    if (/^[A-Z]/.test(name)) return this.call(expression, depth);
    const { positional, keywords, isOpen } = argumentsOf(this.text, expression);
    const [only] = positional;
    if (!only || positional.length > 1 || keywords.length > 0 || isOpen) return this.leaves.unresolved(expression);
    const inner = this.node(only, depth + 1);
    const result = inner.kind === 'scalar' && inner.unresolved === undefined ? converted(name, inner.value) : undefined;
    return result === undefined
      ? this.leaves.unresolved(expression)
      : this.leaves.computed(expression, result, [inner]);
  }

  private number(expression: Expression): ScalarNode {
    const value = pythonNumber(this.leaves.source(expression));
    return value === undefined ? this.leaves.unresolved(expression) : bareScalar(this.text, rangeOf(expression), value);
  }

  /** `1.` and `1.e-4`, which the grammar takes apart; null for anything else. */
  private dotless(expression: Expression): ScalarNode | null {
    if (expression.to - expression.from > 30) return null;
    const source = this.leaves.source(expression);
    return /^\d[\d_]*\.([eE][-+]?\d+)?$/.test(source) ? this.number(expression) : null;
  }

  private string(expression: Expression): ScalarNode {
    const token = stringToken(this.leaves.source(expression));
    const isFilled = expression.getChild('FormatReplacement') !== null;
    if (!token || token.value === null || isFilled) return this.leaves.unresolved(expression);
    const range = rangeOf(expression);
    const inner = { start: range.start + token.start, end: range.start + token.end };
    const raw = this.text.slice(inner.start, inner.end);
    return {
      kind: 'scalar',
      range,
      inner,
      raw,
      value: token.value,
      quoted: true,
      lock: token.isPlain ? null : ESCAPED,
    };
  }

  private joined(expression: Expression): ScalarNode {
    const parts = childrenOf(expression).map((part) => this.string(part));
    if (parts.some(({ unresolved }) => unresolved !== undefined)) return this.leaves.unresolved(expression);
    const value = parts.map((part) => String(part.value)).join('');
    return bareScalar(this.text, rangeOf(expression), value, this.leaves.expressionLock(expression));
  }

  private unary(expression: Expression, depth: number): SyntaxNode {
    const operand = expression.lastChild;
    const operator = expression.firstChild;
    if (!operand || !operator) return this.leaves.unresolved(expression);
    const inner = this.node(operand, depth + 1);
    const sign = this.leaves.source(operator);
    if (inner.kind !== 'scalar' || inner.unresolved !== undefined) return this.leaves.unresolved(expression);
    if (sign === 'not' && typeof inner.value === 'boolean') {
      return this.leaves.computed(expression, !inner.value, [inner]);
    }
    if (typeof inner.value !== 'number' || (sign !== '-' && sign !== '+')) return this.leaves.unresolved(expression);
    const value = sign === '-' ? -inner.value : inner.value;
    return operand.name === 'Number'
      ? bareScalar(this.text, rangeOf(expression), value)
      : this.leaves.computed(expression, value, [inner]);
  }

  private binary(expression: Expression, depth: number): SyntaxNode {
    const number = this.dotless(expression);
    if (number) return number;
    const [left, operator, right, more] = childrenOf(expression);
    if (!left || !operator || !right || more) return this.leaves.unresolved(expression);
    const [a, b] = [this.node(left, depth + 1), this.node(right, depth + 1)];
    const isKnown =
      a.kind === 'scalar' && b.kind === 'scalar' && a.unresolved === undefined && b.unresolved === undefined;
    const value = isKnown ? computed(this.leaves.source(operator), a.value, b.value) : undefined;
    return value === undefined ? this.leaves.unresolved(expression) : this.leaves.computed(expression, value, [a, b]);
  }

  private list(expression: Expression, depth: number): SyntaxNode {
    const children = childrenOf(expression).filter(({ name, type }) => !/^[()[\]{},]$/.test(name) && !type.isError);
    if (children.some(({ name }) => name === '*')) return this.leaves.unresolved(expression);
    return { kind: 'list', range: rangeOf(expression), items: children.map((child) => this.node(child, depth + 1)) };
  }

  /** The entries that `**expression` brings in; a {@link spreadEntry} where they are not known. */
  private spread(expression: Expression, depth: number): Entry[] {
    const inner = this.node(expression, depth + 1);
    if (inner.kind === 'map') return inner.entries.map((entry): Entry => ({ ...entry, home: undefined }));
    return [spreadEntry(rangeOf(expression), this.leaves.unresolved(expression))];
  }
}

const ESCAPED: Lock = {
  code: 'escaped-text',
  message: 'This text holds escapes, so the place of its value is not certain; write it without them.',
};
