import * as l10n from '@vscode/l10n';
import type { Where } from '../../lines';
import {
  bareScalar,
  isKeyless,
  spreadEntry,
  type Entry,
  type Lock,
  type MapNode,
  type ScalarNode,
  type SyntaxNode,
} from '../../tree';
import { childrenOf } from '../bindings';
import { Branches } from './branches';
import { ByPlace } from '../by-place';
import { Leaves, rangeOf } from './leaves';
import { pythonNumber, stringToken } from '../literals';
import { argumentsOf } from '../names';
import { pairsOf } from '../options';
import { DICT_MAKERS, lastName, type Outline } from '../outline';
import type { Expression } from '../scope';
import { References } from './references';

/** Deeper expressions, and longer chains of names, count as unknown. */
const MAX_DEPTH = 60;

/** Turns a program's expressions into nodes, as far as they are known without running anything. */
export class Evaluator {
  /** Results by place; null while an expression is being evaluated. */
  private readonly known: ByPlace<SyntaxNode | null>;
  private readonly calls: ByPlace<MapNode>;
  private depth = 0;
  private readonly leaves: Leaves;
  private readonly references: References;
  readonly branches: Branches;

  constructor(
    private readonly text: string,
    outline: Outline,
    where: Where,
  ) {
    this.known = new ByPlace(text.length);
    this.calls = new ByPlace(text.length);
    this.leaves = new Leaves(text, outline, where);
    this.branches = new Branches(text, outline.tree, (expression) => this.node(expression));
    this.references = new References(this.leaves, this.branches, (expression) => this.node(expression));
  }

  /** What `expression` is; a scalar that is `unresolved` where only a run could tell. */
  node(expression: Expression): SyntaxNode {
    const known = this.known.get(expression);
    if (known) return known;
    // A name that is evaluated for its own value is circular.
    if (known === null || this.depth > MAX_DEPTH) return this.leaves.unresolved(expression);
    this.known.set(expression, null);
    this.depth += 1;
    const node = this.made(expression);
    this.depth -= 1;
    this.known.set(expression, node);
    return node;
  }

  private made(expression: Expression): SyntaxNode {
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
      case 'ParenthesizedExpression': {
        const [, inner] = childrenOf(expression);
        const node = inner ? this.node(inner) : this.leaves.unresolved(expression);
        // Parentheses are around the value as quotes are: a neighbour stands behind them.
        return node.kind === 'scalar' ? { ...node, range: rangeOf(expression) } : node;
      }
      case 'UnaryExpression':
        return this.negative(expression);
      case 'BinaryExpression':
        return this.product(expression);
      case 'ArrayExpression':
      case 'TupleExpression':
      case 'SetExpression':
        return this.list(expression);
      case 'DictionaryExpression':
        return this.dict(expression);
      case 'CallExpression':
        return this.value(expression);
      case 'VariableName':
        return this.references.name(expression);
      case 'MemberExpression':
        return this.dotless(expression) ?? this.references.member(expression);
      default:
        return this.leaves.unresolved(expression);
    }
  }

  /** Marks an expression as unknown without evaluating it. */
  unknown(expression: Expression): ScalarNode {
    return this.leaves.unresolved(expression);
  }

  /** A callee as its library knows it. */
  path(callee: Expression): string {
    return this.leaves.path(callee);
  }

  /** A call's keyword arguments, and its positional ones under their numbers. */
  call(expression: Expression): MapNode {
    const known = this.calls.get(expression);
    if (known) return known;
    const { keywords, positional, spreads } = argumentsOf(this.text, expression);
    const entries: Entry[] = positional.map((node, index) => ({
      key: String(index),
      keyRange: { start: node.from, end: node.from },
      value: this.node(node),
    }));
    for (const [index, { name, nameNode, value }] of keywords.entries()) {
      for (const spread of spreads) if (spread.at === index) entries.push(...this.spread(spread.value));
      entries.push({
        key: name,
        keyRange: rangeOf(nameNode),
        value: this.node(value),
        home: 'python-argument',
      });
    }
    for (const spread of spreads) if (spread.at === keywords.length) entries.push(...this.spread(spread.value));
    const callee = expression.firstChild;
    const isOwn = callee && this.leaves.isOwnClass(callee) ? { isOwn: true as const } : {};
    const tag = { kind: 'call' as const, callee: callee ? this.leaves.path(callee) : '', ...isOwn };
    const map: MapNode = { kind: 'map', range: rangeOf(expression), entries, tag };
    this.calls.set(expression, map);
    return map;
  }

  /** A dict literal, or a call that makes one, as a map. */
  dict(expression: Expression): MapNode {
    if (expression.name === 'CallExpression') return this.madeDict(expression);
    const entries = pairsOf(expression).flatMap((pair): Entry[] => {
      if ('spread' in pair) return this.spread(pair.spread);
      const token = pair.key.name === 'String' ? stringToken(this.leaves.source(pair.key)) : null;
      return [
        {
          key: token?.value ?? this.leaves.source(pair.key),
          keyRange: rangeOf(pair.key),
          value: this.node(pair.value),
          home: token ? 'python-dict' : undefined,
        },
      ];
    });
    return { kind: 'map', range: rangeOf(expression), entries };
  }

  /** `DictDefault({...}, a=1)`: the entries of the literal within, and the keyword arguments. */
  private madeDict(expression: Expression): MapNode {
    const call = this.call(expression);
    const entries = call.entries.flatMap((entry) => {
      if (!isKeyless(entry)) return [entry];
      if (entry.value.kind === 'map') return entry.value.entries;
      // `dict([("r", 8)])`: pairs that are not read.
      return [spreadEntry(entry.value.range, this.leaves.unresolved(expression))];
    });
    return { ...call, entries };
  }

  /** A call as a value: a dict or an object that is made of its arguments, or open. */
  private value(expression: Expression): SyntaxNode {
    const name = lastName(this.text, expression.firstChild);
    if (this.leaves.isOwnFunction(expression.firstChild)) return this.leaves.unresolved(expression);
    if (DICT_MAKERS.has(name)) return this.madeDict(expression);
    return /^[A-Z]/.test(name) ? this.call(expression) : this.leaves.unresolved(expression);
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

  /** `-1e-4` */
  private negative(expression: Expression): SyntaxNode {
    const [sign, operand] = childrenOf(expression);
    const isNumber = operand?.name === 'Number' && sign && this.leaves.source(sign) === '-';
    const value = isNumber ? pythonNumber(this.leaves.source(operand)) : undefined;
    return value === undefined
      ? this.leaves.unresolved(expression)
      : bareScalar(this.text, rangeOf(expression), -value);
  }

  /** `a * b`, `a / b` and `a ** b` of two known numbers. */
  private product(expression: Expression): SyntaxNode {
    const number = this.dotless(expression);
    if (number) return number;
    const [left, operator, right] = childrenOf(expression);
    const compute = operator && OPERATIONS[this.leaves.source(operator)];
    if (!left || !right || !compute) return this.leaves.unresolved(expression);
    const [a, b] = [this.node(left), this.node(right)];
    const isKnown = a.kind === 'scalar' && b.kind === 'scalar';
    if (!isKnown || typeof a.value !== 'number' || typeof b.value !== 'number')
      return this.leaves.unresolved(expression);
    const value = compute(a.value, b.value);
    return Number.isFinite(value)
      ? this.leaves.computed(expression, value, [a, b])
      : this.leaves.unresolved(expression);
  }

  private list(expression: Expression): SyntaxNode {
    const children = childrenOf(expression).filter(({ name, type }) => !/^[()[\]{},]$/.test(name) && !type.isError);
    if (children.some(({ name }) => name === '*')) return this.leaves.unresolved(expression);
    return { kind: 'list', range: rangeOf(expression), items: children.map((child) => this.node(child)) };
  }

  /** The entries that `**expression` brings in; a {@link spreadEntry} where they are not known. */
  private spread(expression: Expression): Entry[] {
    const inner = this.node(expression);
    if (inner.kind === 'map') return inner.entries.map((entry): Entry => ({ ...entry, home: undefined }));
    return [spreadEntry(rangeOf(expression), this.leaves.unresolved(expression))];
  }
}

const OPERATIONS: Readonly<Record<string, (left: number, right: number) => number>> = {
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '**': (left, right) => left ** right,
};

const ESCAPED: Lock = {
  code: 'escaped-text',
  message: l10n.t('This text holds escapes, so the place of its value is not certain; write it without them.'),
};
