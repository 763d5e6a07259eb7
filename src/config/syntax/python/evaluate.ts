import * as l10n from '@vscode/l10n';
import type { Where } from '../lines';
import { bareScalar, callIn, entriesIn, isDefault, isKeyless, spreadEntry, withScalars } from '../tree';
import type { Entry, Lock, MapNode, ScalarNode, SyntaxNode } from '../tree';
import { callsOf, isOtherAlpha, isPassed, linesBesides, meaningOf, resultOf, usesOf, type Meaning } from './names';
import { argumentsOf, ByPlace, childrenOf, elementsOf, lastName, pairsOf, partName, rangeOf } from './nodes';
import { OPERATIONS, pythonNumber, stringToken, type Expression, type Place } from './nodes';
import { Options } from './options';
import { DICT_MAKERS, type Outline } from './outline';
import { isPartSet, SET_AGAIN, unseenIn } from './unseen';

/** Deeper expressions, and longer chains of names, count as unknown. */
const MAX_DEPTH = 60;

/** Turns a program's expressions into nodes, as far as they are known without running anything. */
export class Evaluator {
  /** Results by place; null while an expression is being evaluated. */
  private readonly known = new ByPlace<SyntaxNode | null>();
  private readonly calls = new ByPlace<MapNode>();
  private readonly paths = new ByPlace<string>();
  private readonly options: Options;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly outline: Outline,
    private readonly where: Where,
  ) {
    this.options = new Options(text, outline, (expression) => this.node(expression));
  }

  /** What `expression` is; a scalar that is `unresolved` where only a run could tell. */
  node(expression: Expression): SyntaxNode {
    const known = this.known.get(expression);
    // A name that is evaluated for its own value is circular.
    if (known === null || this.depth > MAX_DEPTH) return this.unresolved(expression);
    if (known) return known;
    this.known.set(expression, null);
    this.depth += 1;
    const node = this.made(expression) ?? this.unresolved(expression);
    this.depth -= 1;
    this.known.set(expression, node);
    return node;
  }

  unresolved(expression: Place): ScalarNode {
    const source = this.source(expression);
    const shown = source.length > 60 ? `${source.slice(0, 57)}...` : source;
    const isShort = source.length <= 40 && !source.includes('\n');
    const message = isShort
      ? l10n.t`This value is computed (${source}); write a number in its place, or change what it is made of.`
      : l10n.t('This value is computed; write a number in its place, or change what it is made of.');
    return { ...bareScalar(this.text, rangeOf(expression), null, { code: 'expression', message }), unresolved: shown };
  }

  /** A callee as its library knows it: `optim.AdamW` is `torch.optim.AdamW` where the imports say so. */
  path(callee: Expression): string {
    const known = this.paths.get(callee);
    if (known !== undefined) return known;
    const [object, , property] = callee.name === 'MemberExpression' ? childrenOf(callee) : [];
    const meaning = this.meaning(callee);
    const path =
      object && property?.name === 'PropertyName'
        ? `${this.path(object)}.${this.source(property)}`
        : (typeof meaning === 'object' && meaning.binding.path) || this.source(callee).replaceAll(/\s+/g, '');
    this.paths.set(callee, path);
    return path;
  }

  private made(expression: Expression): SyntaxNode | null {
    const source = this.source(expression);
    const children = childrenOf(expression);
    const isNegative =
      expression.name === 'UnaryExpression' && children[1]?.name === 'Number' && source.startsWith('-');
    // The grammar takes `1.` and `1.e-4` apart.
    if (isNegative || expression.name === 'Number' || /^\d[\d_]*\.([eE][-+]?\d+)?$/.test(source.slice(0, 30)))
      return this.number(expression, source);
    switch (expression.name) {
      case 'String':
      case 'FormatString':
        return this.string(expression);
      case 'Boolean':
      case 'None':
        return bareScalar(this.text, rangeOf(expression), source === 'None' ? null : source === 'True');
      case 'ParenthesizedExpression': {
        const node = children[1] && this.node(children[1]);
        // Parentheses are around the value as quotes are: a neighbour stands behind them.
        return node?.kind === 'scalar' ? { ...node, range: rangeOf(expression) } : (node ?? null);
      }
      case 'BinaryExpression':
        return this.computed(expression, children[1] ?? null, elementsOf(expression));
      case 'ArrayExpression':
      case 'TupleExpression':
      case 'SetExpression': {
        const items = children.filter(({ name, type }) => !/^[()[\]{},]$/.test(name) && !type.isError);
        if (items.some(({ name }) => name === '*')) return null;
        return { kind: 'list', range: rangeOf(expression), items: items.map((item) => this.node(item)) };
      }
      case 'DictionaryExpression':
        return this.dict(expression);
      case 'CallExpression': {
        const name = lastName(this.text, expression.firstChild);
        // A function of this text may be called like one of Python's.
        const meaning = this.meaning(expression.firstChild);
        const binding = typeof meaning === 'object' ? meaning.binding : null;
        const isKnown = binding ? /^(?:class|import)$/.test(binding.kind) : meaning === 'unbound';
        const result = binding && !isKnown ? resultOf(this.text, binding) : null;
        const node = result && this.node(result);
        if (!isKnown) return node?.kind === 'map' ? node : null;
        // A dict or an object that is made of the arguments
        if (DICT_MAKERS.has(name)) return this.dict(expression);
        if (/^[A-Z]/.test(name)) return this.call(expression);
        return this.computed(expression, expression.firstChild, elementsOf(expression.lastChild ?? expression));
      }
      case 'VariableName':
        return this.name(expression, source);
      case 'MemberExpression':
        return this.member(expression);
      default:
        return null;
    }
  }

  private number(expression: Expression, source: string): ScalarNode | null {
    const value = pythonNumber(source.replace(/^-\s*/, ''));
    if (value === undefined || Number.isNaN(value)) return null;
    return bareScalar(this.text, rangeOf(expression), source.startsWith('-') ? -value : value);
  }

  private string(expression: Expression): ScalarNode | null {
    const token = stringToken(this.source(expression));
    if (!token || token.value === null || expression.getChild('FormatReplacement')) return null;
    const inner = { start: expression.from + token.start, end: expression.from + token.end };
    return { ...bareScalar(this.text, inner, token.value), range: rangeOf(expression), quoted: true };
  }

  /** `a * b` and `min(a, b)` of known numbers, of which one may be a default. The value replaces the expression when it is written. */
  private computed(expression: Expression, by: Expression | null, parts: readonly Expression[]): ScalarNode | null {
    const compute = by && OPERATIONS.get(this.source(by));
    const nodes = compute ? parts.map((part) => this.node(part)) : [];
    const known = nodes.flatMap((node) => (node.kind === 'scalar' && typeof node.value === 'number' ? [node] : []));
    const value = compute?.(...known.map((node) => Number(node.value)));
    if (value === undefined || known.length < nodes.length || !Number.isFinite(value)) return null;
    const lock = known.map((node) => node.lock).find(isDefault) ?? null;
    return { ...bareScalar(this.text, rangeOf(expression), value, lock), origin: { node: null, uses: 0, also: '' } };
  }

  /** A call's keyword arguments, and its positional ones under their numbers. */
  call(expression: Expression): MapNode {
    const known = this.calls.get(expression);
    if (known) return known;
    const { keywords, positional, spreads } = argumentsOf(this.text, expression);
    const spreadAt = (index: number): Entry[] =>
      spreads.flatMap(({ at, value }) => (at === index ? this.spread(value) : []));
    const entries = [
      ...positional.map((node, i): Entry => ({
        key: `${i}`,
        keyRange: rangeOf({ from: node.from, to: node.from }),
        value: this.node(node),
      })),
      ...keywords.flatMap(({ name, nameNode, value }, i): Entry[] => [
        ...spreadAt(i),
        { key: name, keyRange: rangeOf(nameNode), value: this.node(value), home: 'python-argument' },
      ]),
      ...spreadAt(keywords.length),
    ];
    const callee = expression.firstChild;
    const meaning = this.meaning(callee);
    const isOwn = typeof meaning === 'object' && meaning.binding.kind === 'class';
    const tag = { kind: 'call' as const, callee: callee ? this.path(callee) : '', ...(isOwn && { isOwn }) };
    const map: MapNode = { kind: 'map', range: rangeOf(expression), entries, tag };
    this.calls.set(expression, map);
    return map;
  }

  /** A dict literal, or a call that makes one: `DictDefault({...}, a=1)`, `OrderedDict([("r", 8)])`. */
  dict(expression: Expression): MapNode {
    if (expression.name === 'CallExpression') {
      const call = this.call(expression);
      const entries = call.entries.flatMap((entry): Entry[] => {
        const inner = isKeyless(entry) ? entriesIn(entry.value) : [entry];
        if (!inner) return [spreadEntry(entry.value.range, this.unresolved(expression))];
        return inner.map((one) => this.unlessSet(one, expression));
      });
      return { ...call, entries };
    }
    const entries = pairsOf(expression).flatMap((pair): Entry[] => {
      if ('spread' in pair) return this.spread(pair.spread);
      const token = pair.key.name === 'String' ? stringToken(this.source(pair.key)) : null;
      const key = token?.value ?? this.source(pair.key);
      const own: Entry = { key, keyRange: rangeOf(pair.key), value: this.node(pair.value) };
      return [this.unlessSet(token ? { ...own, home: 'python-dict' } : own, expression)];
    });
    return { kind: 'map', range: rangeOf(expression), entries };
  }

  /** An entry of a dict; without its value if the program sets it again: `config["lr"] = 1`. */
  private unlessSet(entry: Entry, { from }: Place): Entry {
    if (!isPartSet(this.text, this.outline, entry.key, from)) return entry;
    const { start, end } = entry.value.range;
    return { ...entry, value: { ...this.unresolved({ from: start, to: end }), lock: SET_AGAIN } };
  }

  /** The entries that `**expression` brings in; a {@link spreadEntry} where they are not known. */
  private spread(expression: Expression): Entry[] {
    const inner = this.node(expression);
    if (inner.kind === 'map') return inner.entries.map((entry): Entry => ({ ...entry, home: undefined }));
    return [spreadEntry(rangeOf(expression), this.unresolved(expression))];
  }

  private meaning(name: Expression | null): Meaning {
    return name?.name === 'VariableName' ? meaningOf(this.outline, this.source(name), name.from) : 'unbound';
  }

  /** What a variable was assigned, or the default of an argument. */
  private name(expression: Expression, name: string): SyntaxNode | null {
    const { text, outline } = this;
    const meaning = this.meaning(expression);
    if (typeof meaning === 'string') return null;
    const { scope } = meaning;
    const { value, kind, path, nameRange } = meaning.binding;
    if (path !== undefined) return { ...this.unresolved(expression), unresolved: path };
    const { anyName, anyOption } = unseenIn(text, outline);
    if (!value || anyName || kind === 'class' || kind === 'function') return null;
    const isParameter = kind === 'parameter';
    if (isParameter && (anyOption || isPassed(text, outline, scope, name))) return null;
    const node = this.node(value);
    const where = this.where(nameRange.start);
    // A scalar that is set in several places is written where it is used.
    const isAlone = node.kind !== 'scalar' || scope.bindings.get(name)?.length === 1;
    const uses = isAlone ? usesOf(text, outline, name, scope) : null;
    // If nothing in this file calls the function, another file may call it with another value.
    const isOpen =
      isParameter && !callsOf(outline, scope).some(({ firstChild }) => firstChild?.name === 'VariableName');
    const message = l10n.t`This is the argument ${name} of ${scope.name}; its default is in ${where}, and a call that passes another value wins.`;
    const lock = isOpen ? { code: 'default-argument', message } : null;
    return this.followed(expression, node, uses, lock, (lines) =>
      isParameter
        ? l10n.t`The default of ${name} in ${where} is also used in ${lines}.`
        : l10n.t`${name}, set in ${where}, is also used in ${lines}.`,
    );
  }

  /** `args.rank`: an option of the command line, or a field of a dataclass. The parts of other objects are unknown. */
  private member(expression: Expression): SyntaxNode | null {
    const path = this.path(expression);
    const part = partName(this.text, expression);
    if (part === null || path !== this.source(expression)) return { ...this.unresolved(expression), unresolved: path };
    const option = expression.getChild('PropertyName') && this.options.of(expression.firstChild, part);
    if (!option || option.defaultValue === null) return null;
    const { label, defaultValue, place } = option;
    const where = this.where(place.start);
    const message = l10n.t`This is ${label}; its default is in ${where}, and a value given when the script is started wins.`;
    const lock: Lock = { code: 'default-option', message };
    if (typeof defaultValue === 'boolean') return bareScalar(this.text, rangeOf(expression), defaultValue, lock);
    const uses = expression.firstChild && this.options.usesOf(expression.firstChild, part);
    return this.followed(
      expression,
      this.node(defaultValue),
      uses,
      lock,
      (lines) => l10n.t`The default of ${label} is also used in ${lines}.`,
    );
  }

  /**
   * The value `node` of a name, at a place that uses the name. A scalar can be written at this place, unless it is a
   * default that others may override. A list or a dict may change wherever it is used, so it is followed only if it has
   * one use. An object is always followed: readers that know its class judge its uses.
   * @param places the places that use the value; null if unknown
   */
  private followed(
    expression: Expression,
    node: SyntaxNode,
    places: readonly number[] | null,
    lock: Lock | null,
    alsoUsedIn: (lines: string) => string,
  ): SyntaxNode {
    if (node.kind !== 'scalar') {
      const callee = node.kind === 'map' ? callIn(node)?.callee.split('.').at(-1) : undefined;
      const isObject = callee !== undefined && !DICT_MAKERS.has(callee);
      return isObject || places?.length === 1
        ? withScalars(node, (one) => ({ ...one, lock: one.lock ?? lock }))
        : this.unresolved(expression);
    }
    if (node.unresolved !== undefined) return { ...this.unresolved(expression), unresolved: node.unresolved };
    const uses = places?.filter((at) => !isOtherAlpha(this.text, this.outline.tree, at, expression)) ?? null;
    const lines = uses ? linesBesides(uses, expression.from, this.where) : '';
    const also = lines && alsoUsedIn(lines);
    const own = lock && { ...lock, message: `${lock.message} ${also}`.trimEnd() };
    const kept = own ?? (isDefault(node.lock) ? node.lock : null);
    const origin = { node, uses: uses?.length ?? Infinity, also };
    return { ...bareScalar(this.text, rangeOf(expression), node.value, kept), origin };
  }

  private readonly source = ({ from, to }: Place): string => this.text.slice(from, to);
}
