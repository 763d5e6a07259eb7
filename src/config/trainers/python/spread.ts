import { type Assignment, assignmentsIn } from '../../syntax/python/bindings';
import { ownerOf } from '../../syntax/python/names';
import { childrenOf, elementsOf, itemsOf, NAMED, partName } from '../../syntax/python/nodes';
import type { Arguments, Expression } from '../../syntax/python/nodes';
import { type Scope, ownParameters, scopeAt } from '../../syntax/python/outline';
import type { Program } from '../../syntax/tree';
import { classAround } from './definitions';
import { byName, COLLECTS, LIBRARY, MEASURED, NUMBERS, PART, part, PLAIN_ATTRIBUTES, sized, WEIGHTS } from './harmless';
import type { Held, Row } from './harmless';
import { MOVED } from './harmless-calls';
import { classRow } from './harmless-classes';
import { Touched } from './touched';

/** Of 2,900 public programs one takes more than 16. What takes more than these is a doubt. */
const ROUNDS = 20;
const GIVES = /^(?:Return|Yield)(?:Statement|Expression)$|^LambdaExpression$/;

/**
 * Over-approximates the names that may hold something of a run: a name that is assigned from an expression which
 * mentions such a name is one, and so are loop variables, parameters and attributes.
 */
export function touchedIn(program: Program): Touched {
  const touched = new Touched(program);
  const assignments = assignmentsIn(program.tree);
  const gives: Expression[] = [];
  program.tree.iterate({ enter: (at) => void (GIVES.test(at.name) && gives.push(at.node)) });
  const spreading = new Spreading(touched);
  const calls = [...program.outline.calls];
  const functions = program.outline.scopes.filter(({ kind }) => kind === 'function');
  for (let round = 0; round < ROUNDS && spreading.hasNews; round += 1) {
    spreading.hasNews = false;
    touched.forget();
    for (const assignment of assignments) spreading.assign(assignment);
    for (const call of calls) spreading.pass(call);
    for (const scope of functions) spreading.enter(scope);
    for (const node of gives) spreading.giveBack(node);
    // A value that goes from each function to the next one, or to the one before, arrives in two rounds.
    for (const list of [assignments, calls, functions, gives]) list.reverse();
  }
  touched.forget();
  touched.definitions.isCut ||= spreading.hasNews;
  return touched;
}

/** Expressions in which a number of the run may be named. */
const MENTIONS = /^(?:Array|Binary|Unary|Parenthesized|Conditional|Call)Expression$|^ArgList$/;

class Spreading {
  hasNews = true;
  /** What Python and libraries may give to what they call, once something is measured. */
  private measured: Held = 0;

  constructor(private readonly touched: Touched) {}

  private add<K>(into: Map<K, Held>, key: K, held: Held): void {
    const before = into.get(key) ?? 0;
    if ((before | held) === before) return;
    into.set(key, before | held);
    this.hasNews = true;
    if (held & MEASURED) this.measured = NUMBERS | PART | MEASURED;
  }

  private bind(scope: Scope, name: string, held: Held): void {
    const { variables } = this.touched.names;
    const names = variables.get(scope) ?? new Map<string, Held>();
    variables.set(scope, names);
    this.add(names, name, held);
    if (scope.kind === 'class' && !PLAIN_ATTRIBUTES.has(name)) this.add(this.touched.names.attributes, name, held);
  }

  giveBack(node: Expression): void {
    const { outline } = this.touched.program;
    const isLambda = node.name === 'LambdaExpression';
    const scope = scopeAt(outline, isLambda ? node.from + 1 : node.from);
    const held = isLambda ? this.touched.value(node) : this.touched.all(elementsOf(node), ~0);
    this.add(this.touched.names.results, scope, held);
    // What Python calls by itself: `for model in Models()`, and properties
    if (scope.parent && /^__(?!init__)/.test(scope.name))
      this.add(this.touched.names.results, scope.parent, part(held));
    const around = scope.definition?.parent;
    const head = around?.name === 'DecoratedStatement' ? around.getChildren('Decorator') : [];
    if (head.some((at) => /property\s*$/.test(this.touched.source(at))))
      this.add(this.touched.names.attributes, scope.name, held);
  }

  assign({ targets, value, isItem }: Assignment): void {
    const [target, second] = targets;
    // `warnings.showwarning = show`
    if (target?.name === 'MemberExpression' && this.touched.definitions.isOfLibrary(target))
      this.hand(this.touched.definitions.of(value), this.measured);
    const chosen = target?.name === 'MemberExpression' ? this.touched.chosenBy(target) : 0;
    const held = this.touched.value(value) | chosen;
    if (second) this.share(targets, held, value, isItem);
    else if (target) this.give(target, held, isItem ? null : value);
  }

  /** Gives a target what it is assigned: an attribute by its name, an item for its whole container. */
  private give(target: Expression, held: Held, value: Expression | null = null): void {
    const { program, names } = this.touched;
    const targets = itemsOf(target);
    if (targets) this.share(targets, held, value, false);
    else if (held && target.name === 'VariableName') {
      const name = this.touched.source(target);
      const owner = ownerOf(program.outline, name, target.from);
      if (owner) this.bind(owner, name, held);
    } else if (held && target.name === 'MemberExpression' && target.firstChild) {
      const name = partName(program.text, target);
      if (name === null || target.lastChild?.name !== 'PropertyName') return this.give(target.firstChild, part(held));
      const around = classAround(scopeAt(program.outline, target.from));
      if (around && held & ~LIBRARY && this.touched.source(target.firstChild) === 'self') names.holders.add(around);
      if (held === LIBRARY || !PLAIN_ATTRIBUTES.has(name)) this.add(names.attributes, name, held);
    }
  }

  /** Gives each of several targets its own item where the items are seen, otherwise all. */
  private share(targets: readonly Expression[], held: Held, value: Expression | null, isItem: boolean): void {
    const called = value?.name === 'CallExpression' ? this.touched.called(value) : null;
    // `model, optimizer = accelerator.prepare(model, optimizer)`, `for a, b in zip(x, y)`
    const isPassed = /^(?:same|given)$/.test(String(called?.row?.gives)) && (!isItem || called?.name === 'zip');
    const items = value && (isPassed ? this.touched.given(value).positional : isItem ? null : itemsOf(value));
    targets.forEach((each, i) => {
      const own = items?.length === targets.length ? items[i] : undefined;
      const isOther = called?.row?.gives === 'first' && i > 0;
      this.give(each, own ? this.touched.value(own) : isOther ? 0 : held, own ?? null);
    });
  }

  /** A call's arguments go to the parameters of what is called, and to functions that are among them. */
  pass(call: Expression): void {
    const { owner, own, row, name } = this.touched.called(call);
    const given = this.touched.given(call);
    const held = this.touched.all(given.all, ~0);
    if (held) for (const scope of own) this.fill(scope, given);
    if (row?.isRead || row?.takes === 'trainer') this.seed(given, row);
    const object = call.firstChild?.name === 'MemberExpression' ? call.firstChild.firstChild : null;
    const isOther = owner === 0 && own.length === 0 && object && !this.touched.definitions.isOfLibrary(object);
    const kept = /^(?:add|update|setd|__)/.test(name) ? sized(part(held)) : part(held);
    if (held && isOther && COLLECTS.has(name)) this.give(object, kept);
    if (!held || (row && row.takes !== 'anything')) return;
    this.hand(given.all.flatMap(this.touched.definitions.of), held);
  }

  private hand(scopes: readonly Scope[], held: Held): void {
    for (const scope of scopes)
      if (scope.kind !== 'class') for (const parameter of parametersIn(scope)) this.bind(scope, parameter, held);
  }

  private fill(scope: Scope, { positional, keywords, stars, spreads }: Arguments): void {
    const made = scope.kind === 'class' ? scope.children.find((child) => child.name === '__init__') : scope;
    if (!made) {
      for (const { name, value } of keywords) this.add(this.touched.names.attributes, name, this.touched.value(value));
      return;
    }
    const parameters = ownParameters(made).map(({ name }) => name);
    const all = parametersIn(made);
    const to = (name: string | undefined, held: Held): void => {
      const names = name === undefined ? all.filter((each) => !parameters.includes(each)) : [name];
      if (held) for (const each of names) this.bind(made, each, held);
    };
    positional.forEach((value, i) => {
      to(parameters[i], this.touched.value(value));
    });
    for (const { name, value } of keywords) to(parameters.includes(name) ? name : undefined, this.touched.value(value));
    const open = this.touched.all([...stars, ...spreads.map(({ value }) => value)], ~0);
    if (open) for (const name of all) this.bind(made, name, open);
  }

  /** Names in the numbers of a run, and in what a trainer is given, are names of the run. */
  private seed({ positional, keywords, spreads }: Arguments, { takes }: Row): void {
    if (takes === 'trainer') {
      const placed = positional.slice(0, 2).map((value, i) => ({ name: i ? 'args' : 'model', value }));
      const given = [...placed, ...keywords].filter(({ name }) => /^(?:model|args|peft_config)$/.test(name));
      for (const { name, value } of given) this.mention(value, name === 'model' ? WEIGHTS : NUMBERS, false);
      return;
    }
    const [first = keywords.find(({ name }) => name === 'params')?.value] = positional;
    // What is done to a list of groups is done to the optimizer.
    if (takes === 'parameters' && first && !this.touched.held(first)) this.mention(first, WEIGHTS | NUMBERS | PART);
    for (const { name, value } of keywords) if (MOVED.has(name)) this.mention(value, NUMBERS | PART);
    for (const value of [...positional.slice(1), ...spreads.map((spread) => spread.value)]) {
      const held = this.touched.held(value);
      if (!held || held & PART) this.mention(value, NUMBERS | PART);
    }
  }

  private mention(expression: Expression, held: Held, isDeep = true): void {
    const { definitions } = this.touched;
    if (NAMED.test(expression.name)) {
      if (!definitions.isOfLibrary(expression) && definitions.of(expression).length === 0) this.give(expression, held);
    } else if (isDeep && MENTIONS.test(expression.name)) {
      const isCall = expression.name === 'CallExpression';
      for (const child of childrenOf(expression)) if (!isCall || child.name === 'ArgList') this.mention(child, held);
    }
  }

  /** The parameters of a function: their defaults, and what the libraries give to methods that replace theirs. */
  enter(scope: Scope): void {
    const { callsByName } = this.touched.program.outline;
    const own = ownParameters(scope);
    const around = scope.parent?.kind === 'class' ? scope.parent : null;
    // What an attribute is given, its setter gets.
    const set = (around && this.touched.names.attributes.get(scope.name)) ?? 0;
    for (const { name, value } of own) this.bind(scope, name, this.touched.value(value) | set);
    const row = around ? classRow(this.touched.definitions.basesOf(around)) : null;
    const owner = /^__(?:set_name|init_sub)/.test(scope.name) ? LIBRARY : 0;
    const called = CALLED.test(scope.name) ? parametersIn(scope).filter((name) => name !== 'self') : [];
    for (const name of called) this.bind(scope, name, owner | this.measured);
    if (!row) {
      const isCalled = callsByName.has(scope.name === '__init__' ? (around?.name ?? '') : scope.name);
      if (!isCalled) for (const { name } of own) this.bind(scope, name, byName(name));
      return;
    }
    const [first, ...others] = parametersIn(scope);
    if (first !== undefined) this.bind(scope, first, row.self);
    const gets = row.gets[scope.name] ?? row.gets['*'] ?? [0];
    others.forEach((name, i) => {
      this.bind(scope, name, gets[Math.min(i, gets.length - 1)] ?? 0);
    });
  }
}

/** Methods that Python calls for classes, for operators (but `len(x)`, `x[i]`, …), for `print` and logging. */
const CALLED =
  /^(?:__(?!init__|len|getitem|getattr|iter|next|call|enter|exit|del|new|post_|repr|str)\w+__|write|emit|handle)$/;

/** All parameters of a function, also `*args` and `**kwargs`. */
function parametersIn({ definition, bindings, kind }: Scope): string[] {
  const start = kind === 'expression' ? -1 : (definition?.getChild('Body')?.from ?? -1);
  return [...bindings.values()].flatMap(([first]) => {
    const isStarred = first?.kind === 'other' && first.nameRange.end <= start;
    return first && (first.kind === 'parameter' || isStarred) ? [first.name] : [];
  });
}
