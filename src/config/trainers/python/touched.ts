import type { Binding } from '../../syntax/python/bindings';
import { ownerOf, bindingsOfName } from '../../syntax/python/names';
import { ByPlace, argumentsOf, childrenOf, elementsOf, innermost, isObject, rootOf } from '../../syntax/python/nodes';
import { lastName, NAMED, pairsOf, partName } from '../../syntax/python/nodes';
import type { Arguments, Expression } from '../../syntax/python/nodes';
import { type Scope, scopeAt } from '../../syntax/python/outline';
import type { Program } from '../../syntax/tree';
import { classAround, definitionsIn, type Definitions, type Names } from './definitions';
import { BOTH, byName, CLEAN, HOLDS, LIBRARY, MEASURED, METHODS, NUMBERS, PART, part, READS, SIZED } from './harmless';
import { PLAIN_ATTRIBUTES, PLAIN_ENTRIES, PLAIN_METHODS, sized, TELLING, WEIGHTS, WHOLE_ATTRIBUTES } from './harmless';
import type { Held, Row } from './harmless';
import { CONSTANTS, DECIDES, EVALUATORS, MOCK, rowOf, SIZING, TELLS_KIND } from './harmless-calls';
import { classRow, DECIDING, isDerived } from './harmless-classes';
import { CHOSEN } from './optimizers';

/** What a call calls. */
export interface Called {
  /** What the object holds whose method is called, or the variable that is called. */
  owner: Held;
  name: string;
  /** The full name in its library; null for a method of an object, and for what this text defines. */
  path: string | null;
  row: Row | null;
  /** The functions and classes of this text that it may be. */
  own: readonly Scope[];
}

const MAX_DEPTH = 60;
/** Methods that train; by another name they are not harmless. */
const STARTS: ReadonlySet<string> = new Set(['train', 'step', 'add_callback']);

/** Tells what each expression of a program may hold of a run. */
export class Touched {
  readonly definitions: Definitions;
  readonly names: Names = { variables: new Map(), attributes: new Map(), results: new Map(), holders: new Set() };
  /** What classes of this text add to the training arguments. */
  private readonly fields: ReadonlySet<string>;
  /** What attributes hold that hold weights: one that is chosen at run time may be any. */
  private someAttribute: Held = 0;
  private readonly known = new ByPlace<Held>();
  private depth = 0;

  constructor(readonly program: Program) {
    this.definitions = definitionsIn(program);
    const isArguments = (scope: Scope): boolean => classRow(this.definitions.basesOf(scope))?.makes === NUMBERS;
    const own = program.outline.scopes.filter((scope) => scope.kind === 'class' && isArguments(scope));
    const fields = own.flatMap(({ bindings }) => [...bindings.keys()]);
    this.fields = new Set(fields.filter((name) => !DECIDING.test(name)));
  }

  /** Forgets what expressions hold, because names hold more than before. */
  forget(): void {
    this.known.clear();
    const all = [...this.names.attributes.values()].filter((held) => held & WEIGHTS);
    this.someAttribute = all.reduce((sum, held) => sum | held, 0);
  }

  source(node: Expression | null | undefined): string {
    return node ? this.program.text.slice(node.from, node.to) : '';
  }

  given(call: Expression): Arguments & { all: readonly Expression[] } {
    const given = argumentsOf(this.program.text, call);
    const named = [...given.keywords, ...given.spreads].map(({ value }) => value);
    return { ...given, all: [...given.positional, ...given.stars, ...named] };
  }

  all(nodes: readonly Expression[], kinds = ~LIBRARY): Held {
    return nodes.reduce((held, node) => held | this.value(node), 0) & kinds;
  }

  /** What an expression holds of a run. */
  held(expression: Expression | null | undefined): Held {
    return this.value(expression) & ~LIBRARY;
  }

  /** What an expression holds of a run, and whether it may be a library. */
  value(expression: Expression | null | undefined): Held {
    if (!expression) return 0;
    const before = this.known.get(expression);
    if (before !== undefined) return before;
    this.definitions.isCut ||= this.depth > MAX_DEPTH;
    if (this.depth > MAX_DEPTH) return 0;
    this.known.set(expression, 0);
    this.depth += 1;
    const held = this.computed(expression);
    this.depth -= 1;
    this.known.set(expression, held);
    return held;
  }

  private computed(expression: Expression): Held {
    const { name } = expression;
    if (name === 'VariableName') return this.variable(expression);
    if (name === 'MemberExpression') return this.member(expression);
    if (name === 'CallExpression') return this.result(expression);
    if (name === 'BinaryExpression') return this.binary(expression);
    if (name === 'LambdaExpression') return part(this.value(expression.lastChild));
    if (name === 'FormatString') return sized(this.all(childrenOf(expression)));
    if (/^(?:Set|Dict)/.test(name)) return sized(this.all(elementsOf(expression), ~0));
    if (name !== 'ConditionalExpression') return HOLDS.test(name) ? this.all(elementsOf(expression), ~0) : 0;
    const [yes, , , , no] = childrenOf(expression);
    return this.value(yes) | this.value(no);
  }

  private variable(expression: Expression): Held {
    const name = this.source(expression);
    const owner = ownerOf(this.program.outline, name, expression.from);
    const library = this.library(expression);
    if (!owner) return byName(name) | library;
    const { variables, results } = this.names;
    const held = variables.get(owner)?.get(name) ?? 0;
    if (held && this.isStillText(owner.bindings.get(name) ?? [], owner, expression)) return 0;
    return this.definitions.of(expression).reduce((sum, scope) => sum | part(results.get(scope) ?? 0), held | library);
  }

  /** Whether a name is still a text: `model = "name"; ask(model)`, before a later line loads the model. */
  private isStillText(bindings: readonly Binding[], owner: Scope, { from, parent }: Expression): boolean {
    const [text, next] = bindings;
    if (text?.kind !== 'assigned' || text.value?.name !== 'String' || !next || bindings.length > 8) return false;
    if (text.to > from || next.from < from || bindings.some(({ isDeferred }) => isDeferred)) return false;
    if (innermost(parent, ({ name }) => /^(?:For|While)Statement$/.test(name))) return false;
    return scopeAt(this.program.outline, from) === owner && this.program.outline.stars.length === 0;
  }

  /** The words of a dict's keys; empty for `**` and for keys that are computed. */
  keysIn(dict: Expression): string[] {
    return pairsOf(dict).map((pair) => ('key' in pair ? this.source(pair.key).slice(1, -1) : ''));
  }

  private member(expression: Expression): Held {
    const { firstChild: object, lastChild: last } = expression;
    const name = partName(this.program.text, expression);
    if (last?.name !== 'PropertyName') return this.partOf(object, name, false) | this.chosenBy(expression);
    return name === '__dict__' ? this.anyOf(object) : this.partOf(object, name, true);
  }

  /** What chooses an item or a slice: `rows[: config.lora_alpha]`. A name of a parameter is no number. */
  chosenBy(member: Expression): Held {
    const index = childrenOf(member).slice(1);
    const held = this.all(index.filter(isObject));
    return held & NUMBERS || index.some(({ name }) => name === ':') ? sized(part(held)) : 0;
  }

  /** What any attribute of an object may hold: `getattr(x, name)`. `any` is what a library's may hold. */
  private anyOf(object: Expression | null | undefined, any: Held = BOTH | PART): Held {
    const library = this.value(object) & LIBRARY ? any : 0;
    const isOfLibrary = object && this.definitions.isOfLibrary(object);
    return isOfLibrary ? library : library | part(this.someAttribute | this.held(object));
  }

  /** Whether a name is a library that trains, a class of it, or a class of this text that is derived from one. */
  private library(name: Expression): Held {
    const { definitions, program } = this;
    if (name.parent?.name === 'ImportStatement') return 0;
    const isLibrary = definitions.isOfLibrary(name) && DECIDES.test(program.path(name));
    return isLibrary || definitions.of(name).some((scope) => isDerived(definitions.basesOf(scope))) ? LIBRARY : 0;
  }

  private partOf(object: Expression | null | undefined, name: string | null, isAttribute: boolean): Held {
    const attribute = (name !== null && this.names.attributes.get(name)) || 0;
    const library = CONSTANTS.test(name ?? '') ? 0 : (this.value(object) | attribute) & LIBRARY;
    return this.ofRun(object, name, isAttribute, attribute & ~LIBRARY || undefined) | library;
  }

  private ofRun(object: Expression | null | undefined, name: string | null, isAttribute: boolean, own?: Held): Held {
    const held = this.held(object);
    if (!object || held === 0) {
      if (!object || name === null || this.definitions.isOfLibrary(object)) return 0;
      if (TELLING.has(name) && isAttribute && !this.isMade(object, MOCK)) return WEIGHTS | NUMBERS | PART;
      return own ?? (this.source(object) === 'self' ? byName(name) : 0);
    }
    if (!isAttribute) return name !== null && PLAIN_ENTRIES.test(name) ? 0 : held;
    if (name === null) return part(held);
    const isReading = METHODS.get(name)?.gives === 'nothing' && !STARTS.has(name);
    if (PLAIN_ATTRIBUTES.has(name) || (own === undefined && (isReading || this.fields.has(name)))) return 0;
    const whole = held & (WHOLE_ATTRIBUTES.get(name) ?? 0);
    return own ?? (whole ? whole | (held & PART) : part(held));
  }

  /** Whether a variable holds only what a class of a library makes. */
  private isMade(object: Expression, name: RegExp): boolean {
    const bindings = bindingsOfName(this.program.text, this.program.outline, rootOf(object));
    const all = bindings.map(({ value }) => (value?.name === 'CallExpression' ? value.firstChild : null));
    const isOne = (made: Expression | null): boolean | null =>
      made && this.definitions.isOfLibrary(made) && name.test(this.program.path(made));
    return all.length > 0 && all.every(isOne);
  }

  private binary(expression: Expression): Held {
    const [left, operator] = childrenOf(expression);
    const right = expression.lastChild;
    if (!left || !operator || !right) return 0;
    const [one, word, other] = [left, operator, right].map((node) => this.source(node));
    const held = this.held(left) | this.held(right);
    if (word === 'and' || word === 'or') return this.value(left) | this.value(right);
    const isUnnamed = /^(?:Call|Binary|Parenthesized)/.test(left.name) && this.held(left) & NUMBERS;
    const isComputed = isUnnamed || held & MEASURED;
    if ((word === 'in' || word === 'not') && !isComputed) return 0;
    const isOfWords = !isComputed && [left, right].some(({ name }) => /^(?:String|None|Boolean)$/.test(name));
    if (word === 'is' ? other === 'None' : /^[=!]=$/.test(word ?? '') && isOfWords) return 0;
    // `norm != norm`, `norm == float("inf")`, `norm > 0`: no sizes are compared.
    const tests = held & MEASURED ? (NAMED.test(left.name) ? /\binf\b/ : /^$/) : /^0(?:\.0*)?$|\binf\b/;
    const isTest = operator.name === 'CompareOp' && (other === one || tests.test(other ?? ''));
    const isText = [left, right].some(({ name }) => /String$|^(?:Array|Tuple)/.test(name));
    return isTest ? 0 : isText ? sized(part(held)) : part(held);
  }

  /** What a call gives back: of a library only what Python's own functions take out of lists and dicts. */
  private result(call: Expression): Held {
    const called = this.called(call);
    const { own, row, name } = called;
    const held = this.computedBy(call, called);
    const library = METHODS.get(name)?.gives === 'same' ? this.value(call.firstChild?.firstChild) & LIBRARY : 0;
    const kept = DECIDES.test(called.path ?? '') ? held & ~LIBRARY : held | library;
    return own.length === 0 && (!row || SIZING.test(name)) ? sized(kept) : kept;
  }

  private computedBy(call: Expression, { owner, own, row, path, name }: Called): Held {
    const { all } = this.given(call);
    const [object, word, ...others] = all;
    // `getattr(args, "deepspeed", None)`
    if (path === 'getattr' && word?.name === 'String')
      return this.partOf(object, this.source(word).slice(1, -1), true) | this.all(others, ~0);
    if (path === 'vars' && object) return this.anyOf(object);
    if (path === 'getattr') return this.anyOf(object, LIBRARY);
    const given = this.all(all, ~0);
    const basesOf = (scope: Scope | null): readonly string[] => (scope ? this.definitions.basesOf(scope) : []);
    if (path === 'super') return classRow(basesOf(classAround(scopeAt(this.program.outline, call.from))))?.self ?? 0;
    if (own.length > 0) {
      return own.reduce((sum, scope) => {
        const kept = sum | (this.names.results.get(scope) ?? 0);
        if (scope.kind !== 'class') return kept;
        const isHolder = this.names.holders.has(scope) && basesOf(scope).some((base) => /(?:^|\.)Module$/.test(base));
        return kept | (isHolder ? WEIGHTS : (classRow(basesOf(scope))?.makes ?? part(given & ~LIBRARY)));
      }, 0);
    }
    if (!row || row.gives === 'part') return part(owner | given);
    if (row.gives === 'measured') return part(owner | given) | MEASURED;
    // `len(str(norm))` says something of the number, `len(norms)` and `torch.isnan(norm)` do not.
    const isKind = TELLS_KIND.test(name) || (name === 'len' && !(given & SIZED));
    if (row.gives === 'nothing') return (owner | given) & MEASURED && !isKind ? part(owner | given) : 0;
    if (row.gives === 'same' || row.gives === 'given') return row.gives === 'same' ? owner | given : given;
    return row.gives === 'first' ? WEIGHTS : row.gives;
  }

  called(call: Expression): Called {
    const callee = call.firstChild;
    const name = lastName(this.program.text, callee);
    const own = callee ? this.definitions.of(callee) : [];
    if (!callee) return { owner: 0, name, path: null, row: null, own };
    const isMethod = callee.name === 'MemberExpression' && callee.lastChild?.name === 'PropertyName';
    const owner = isMethod ? this.held(callee.firstChild) : 0;
    if (owner) {
      // A list with numbers of the training is a log.
      const row = METHODS.get(name) ?? (name === 'append' && owner & MEASURED ? READS : null);
      if (row || own.length > 0) return { owner, name, path: null, row, own: row ? [] : own };
      // A whole object that is called is the model: what it computes is the same in both runs.
      return { owner, name, path: null, row: this.isWhole(callee) ? CLEAN : null, own };
    }
    if (own.length > 0) return { owner, name, path: null, row: null, own };
    if (this.definitions.isOfLibrary(isMethod ? (callee.firstChild ?? callee) : callee)) {
      const library = this.ofLibrary(callee);
      if (library.row || isMethod || !this.held(callee)) return { owner, name, ...library, own };
    }
    const held = this.held(callee);
    const isTelling = isMethod && TELLING.has(name) && !this.names.attributes.has(name);
    if (held) {
      const row = isTelling ? METHODS.get(name) : this.isWhole(callee) ? CLEAN : null;
      return { owner: held, name, path: null, row: row ?? null, own };
    }
    if (isMethod) return { owner, name, path: null, row: PLAIN_METHODS.get(name) ?? null, own };
    // `optimizer_class(parameters)`: a variable that holds a class.
    const row = CHOSEN.test(name) ? rowOf(name) : this.isMade(callee, EVALUATORS) ? READS : null;
    return { owner, name, path: this.source(callee), row, own };
  }

  private isWhole(callee: Expression): boolean {
    const held = this.held(callee);
    return held !== 0 && !(held & PART);
  }

  /** A callee that is imported. A name that is imported from several places must do the same whichever it is. */
  private ofLibrary(callee: Expression): Pick<Called, 'path' | 'row'> {
    const bindings = bindingsOfName(this.program.text, this.program.outline, callee);
    const paths = bindings.flatMap(({ path, value }) => path ?? (value ? this.program.path(value) : []));
    const path = paths.find((one) => rowOf(one) === null) ?? paths[0] ?? this.program.path(callee);
    const row = new Set([path, ...paths].map(rowOf)).size === 1 ? rowOf(path) : null;
    return { path, row: row?.takes === 'parameters' && new Set(paths).size > 1 ? null : row };
  }
}
