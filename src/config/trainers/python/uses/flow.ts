import { childrenOf, elementsOf, itemsOf, memberName, partName } from '../../../syntax/python/bindings';
import { ByPlace } from '../../../syntax/python/by-place';
import { argumentsOf, givenIn, ownerOf } from '../../../syntax/python/names';
import { classAround, lastName, scopeAt } from '../../../syntax/python/outline';
import { ownParameters, type Binding, type Expression, type Part, type Scope } from '../../../syntax/python/scope';
import type { Program } from '../../../syntax/python/program';
import { basesIn, calledBy, scopesIn } from './called';
import { ATTRIBUTES, ITEMS, kindByName, madeBy, METHODS, PASSING, remembered, type Kind } from './kinds';

/** Which of the objects that decide a run each expression of a program may be. */
export interface Flow {
  program: Program;
  /** What an expression may be, itself or as the content of a list. */
  kindsOf: (expression: Expression) => readonly Kind[];
  /** What a call makes, if it is the call of a class or of a library's maker. */
  makes: (call: Expression) => Kind | undefined;
  /** The variables and attributes of this name, in all scopes. */
  bindingsOf: (name: string) => readonly Binding[];
  /** Whether an attribute of `self` holds a model. */
  holdsModel: boolean;
  /** The function or class of this text that an expression calls. */
  calledIn: (call: Expression) => Scope | null;
  /** What a class of this text is derived from. */
  basesOf: (scope: Scope) => readonly string[];
}

/** The largest number of rounds that follow objects through assignments and calls. */
const ROUNDS = 4;
const MAX_DEPTH = 40;
const NONE: readonly Kind[] = [];

export function flowOf(program: Program): Flow {
  return new Follower(program);
}

/**
 * Follows objects through names, arguments and results. A name is one in the whole text, whatever scopes, branches and
 * order of lines: it may be what any of its assignments gives it, and every model may have LoRA.
 */
class Follower implements Flow {
  private readonly held = new Map<string, Set<Kind>>();
  private readonly bindings = new Map<string, Binding[]>();
  readonly bindingsOf = (name: string): readonly Binding[] => this.bindings.get(name) ?? [];
  /** Whether bindings say what a name is. Remembered, as names come often. */
  private readonly said = new Map<readonly Binding[], boolean>();
  /** What functions return, item by item of a tuple. */
  private readonly results = new Map<Scope, (readonly Kind[])[]>();
  private readonly known: ByPlace<readonly Kind[]>;
  private readonly madeBy = remembered(madeBy);
  private readonly kindByName = remembered(kindByName);
  private isNew = true;
  private depth = 0;
  readonly calledIn: Flow['calledIn'];
  readonly basesOf: Flow['basesOf'];

  constructor(readonly program: Program) {
    const { text, tree, outline } = program;
    this.known = new ByPlace(text.length);
    this.calledIn = calledBy(program);
    this.basesOf = basesIn(program);
    for (const { bindings } of scopesIn(outline.module)) {
      for (const [name, all] of bindings) {
        const known = this.bindings.get(name) ?? [];
        known.push(...all);
        this.bindings.set(name, known);
      }
    }
    for (const call of outline.calls) this.spread(call);
    const returns: Expression[] = [];
    tree.iterate({ enter: (at) => void (at.name === 'ReturnStatement' && returns.push(at.node)) });
    for (let round = 0; round < ROUNDS && this.isNew; round += 1) {
      this.isNew = false;
      this.known.clear();
      for (const [name, bindings] of this.bindings) for (const binding of bindings) this.assign(name, binding);
      for (const call of outline.calls) this.pass(call);
      for (const statement of returns) this.give(statement);
    }
    this.known.clear();
  }

  get holdsModel(): boolean {
    return [...this.held].some(([name, kinds]) => name.startsWith('self.') && kinds.has('model'));
  }

  kindsOf(expression: Expression): readonly Kind[] {
    const before = this.known.get(expression);
    if (before) return before;
    if (this.depth > MAX_DEPTH) return NONE;
    this.known.set(expression, NONE);
    this.depth += 1;
    const kinds = this.computed(expression);
    this.depth -= 1;
    this.known.set(expression, kinds);
    return kinds;
  }

  private source(node: Expression | null): string {
    return node ? this.program.text.slice(node.from, node.to) : '';
  }

  private computed(expression: Expression): readonly Kind[] {
    const all = (): readonly Kind[] => united(elementsOf(expression).map((node) => this.kindsOf(node)));
    switch (expression.name) {
      case 'VariableName':
        return this.named(expression);
      case 'MemberExpression':
        return this.member(expression);
      case 'CallExpression':
        return this.called(expression);
      case 'BinaryExpression':
        return childrenOf(expression).some(({ name }) => name === 'CompareOp') ? NONE : all();
      case 'ConditionalExpression':
      case 'ArrayExpression':
      case 'TupleExpression':
      case 'SetExpression':
      case 'ParenthesizedExpression':
      case 'NamedExpression':
      case 'AwaitExpression':
        return all();
      case 'DictionaryExpression':
      case 'ArrayComprehensionExpression':
      case 'ComprehensionExpression':
      case 'SetComprehensionExpression':
      case 'DictionaryComprehensionExpression':
        // Of parameters, these are containers.
        return mapped(all(), (kind) => (kind === 'parameter' ? 'parameters' : kind));
      default:
        return NONE;
    }
  }

  /** What a variable or an attribute holds; by its name where the text does not say. */
  private named(expression: Expression): readonly Kind[] {
    const { text, outline } = this.program;
    const name = memberName(text, expression);
    if (name === null) return NONE;
    const around = classAround(scopeAt(outline, expression.from));
    const isIn = (base: RegExp): boolean => around !== null && this.basesOf(around).some((path) => base.test(path));
    if (name === 'self' && isIn(/Trainer$/)) return ['trainer'];
    const held = this.held.get(name);
    if (held) return [...held];
    const isCallback = isIn(/Callback$/);
    const kind = isCallback && name === 'args' ? 'args' : this.kindByName(name);
    // The Trainer passes each parameter of a callback by its name, so the parameter's default does not matter.
    return kind && (isCallback || !this.isSaid(name, expression)) ? [kind] : NONE;
  }

  /** Whether a binding says what a variable is: `base_model: str = None` is no model. */
  private isSaid(name: string, { from }: Expression): boolean {
    const own = ownerOf(this.program.outline, name, from)?.bindings.get(name) ?? this.bindingsOf(name);
    const known = this.said.get(own) ?? own.some(saysWhat);
    this.said.set(own, known);
    return known;
  }

  private member(expression: Expression): readonly Kind[] {
    const object = expression.firstChild;
    if (!object) return NONE;
    const set = this.named(expression);
    if (set.length > 0) return set;
    const kinds = this.kindsOf(object);
    const part = partName(this.program.text, expression) ?? '';
    if (expression.getChild('PropertyName')) {
      if (part === '__dict__') return kinds;
      if (part === 'param_groups' && kinds.length === 0) return ['groups'];
      return mapped(kinds, (kind) => ATTRIBUTES[kind]?.[part]);
    }
    const items = mapped(kinds, (kind) => (kind === 'group' && part !== 'params' ? undefined : ITEMS[kind]));
    return items.length > 0 || kinds.length > 0 ? items : this.ofWord(part);
  }

  /** `kwargs["optimizer"]`: an object by the word for it. */
  private ofWord(word: string): readonly Kind[] {
    const kind = this.kindByName(word);
    return kind ? [kind] : NONE;
  }

  makes(call: Expression): Kind | undefined {
    const own = this.calledIn(call);
    const paths = own ? this.basesOf(own) : call.firstChild ? [this.program.path(call.firstChild)] : [];
    return paths.map((path) => this.madeBy(path)).find((kind) => kind !== undefined);
  }

  private called(call: Expression): readonly Kind[] {
    const callee = call.firstChild;
    if (!callee) return NONE;
    const own = this.calledIn(call);
    const results = own && this.results.get(own);
    if (results) return united(results);
    const made = this.makes(call);
    if (made) return [made];
    const name = lastName(this.program.text, callee);
    const kinds = callee.name === 'MemberExpression' && callee.firstChild ? this.kindsOf(callee.firstChild) : NONE;
    const given = mapped(kinds, (kind) => METHODS[kind]?.[name]);
    if (given.length > 0) return given;
    const args = argumentsOf(this.program.text, call);
    // `kwargs.get("optimizer")` in a callback
    if ((name === 'get' || name === 'pop') && kinds.length === 0)
      return this.ofWord(this.source(args.positional[0] ?? null).slice(1, -1));
    return PASSING.has(name) ? united(givenIn(args).map((node) => this.kindsOf(node))) : NONE;
  }

  private add(name: string, kinds: readonly Kind[]): void {
    if (kinds.length === 0) return;
    const held = this.held.get(name) ?? new Set();
    this.isNew ||= kinds.some((kind) => !held.has(kind));
    for (const kind of kinds) held.add(kind);
    this.held.set(name, held);
  }

  private assign(name: string, { kind, value, part }: Binding): void {
    if (kind === 'assigned' && value) this.add(name, this.kindsOf(value));
    else if (part) this.add(name, this.kindsOfPart(part));
  }

  /** What one of several targets gets of a value. */
  private kindsOfPart({ whole, index, count, isItem }: Part): readonly Kind[] {
    if (whole.name === 'CallExpression' && !isItem && count > 1) {
      const own = this.calledIn(whole);
      const results = own ? this.results.get(own) : undefined;
      if (results?.length === count) return results[index] ?? NONE;
      // `model, optimizer = accelerator.prepare(model, optimizer)`
      const { positional } = argumentsOf(this.program.text, whole);
      const given = positional.length === count ? positional[index] : undefined;
      if (given && PASSING.has(lastName(this.program.text, whole.firstChild))) return this.kindsOf(given);
    }
    // `model, tokenizer = …` begins with the model, `for name, parameter in …` ends with it.
    if (index !== (isItem ? count - 1 : 0)) return NONE;
    const kinds = this.kindsOf(whole);
    return isItem ? mapped(kinds, (kind) => ITEMS[kind] ?? kind) : kinds;
  }

  /** Gives the parameters of a function what a call hands over. */
  private pass(call: Expression): void {
    const own = this.calledIn(call);
    const scope = own?.kind === 'class' ? own.children.find(({ name }) => name === '__init__') : own;
    if (!scope) return;
    const parameters = ownParameters(scope);
    const { positional, keywords } = argumentsOf(this.program.text, call);
    positional.forEach((node, i) => this.add(parameters[i]?.name ?? '', this.kindsOf(node)));
    for (const { name, value } of keywords) this.add(name, this.kindsOf(value));
  }

  /** Gives the function around a `return` what it returns. */
  private give(statement: Expression): void {
    const scope = scopeAt(this.program.outline, statement.from);
    const values = elementsOf(statement);
    const [only] = values;
    const items = values.length === 1 && only ? (itemsOf(only) ?? values) : values;
    const before = this.results.get(scope) ?? [];
    if (before.length > items.length) return;
    const now = items.map((value, i) => united([this.kindsOf(value), before[i] ?? NONE]));
    this.isNew ||= before.length !== now.length || now.some((kinds, i) => kinds.length !== before[i]?.length);
    this.results.set(scope, now);
  }

  /** `LoraConfig(**settings)`: what is done to the dict is done to the config. */
  private spread(call: Expression): void {
    const made = this.makes(call);
    if (made !== 'config' && made !== 'args' && made !== 'optimizer') return;
    for (const { value } of argumentsOf(this.program.text, call).spreads) {
      if (value.name === 'VariableName') this.add(this.source(value), ['settings']);
    }
  }
}

function saysWhat({ kind, value }: Binding): boolean {
  if (kind === 'import' || kind === 'class' || kind === 'function') return true;
  return value !== null && value.name !== 'CallExpression' && value.name !== 'AwaitExpression';
}

function mapped(kinds: readonly Kind[], of: (kind: Kind) => Kind | undefined): readonly Kind[] {
  return kinds.length === 0 ? NONE : [...new Set(kinds.flatMap((kind) => of(kind) ?? []))];
}

/** The kinds of some lists, each once. */
function united(lists: readonly (readonly Kind[])[]): readonly Kind[] {
  return [...new Set(lists.flat())];
}
