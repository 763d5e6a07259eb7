import { childrenOf, memberName } from '../../../syntax/python/bindings';
import { byPlace, placeOf } from '../../../syntax/python/by-place';
import { argumentsOf, givenIn } from '../../../syntax/python/names';
import { lastName, scopeAt } from '../../../syntax/python/outline';
import { ownParameters, type Binding, type Expression, type Scope } from '../../../syntax/python/scope';
import type { Program } from '../../../syntax/python/program';
import { elementsOf, factsOf, isObject, itemsOf } from './facts';
import { ATTRIBUTES, ITEMS, kindByName, madeBy, METHODS, PASSING, type Thing } from './kinds';
import { bindingsAt, classAround } from './names';
import { callbackParameters, callersOf } from './seeds';
import { areSame, contents, mapped, NONE, ofCallback, united } from './things';

/** Which of the objects that decide a run each expression of a program may be. */
export interface Flow {
  program: Program;
  /** The objects that an expression may be, itself or as the content of a list. */
  thingsOf: (expression: Expression) => readonly Thing[];
  /** The function or class of this text that an expression calls. */
  calledIn: (call: Expression) => { definition: Expression; scope: Scope } | null;
  /** What a class of this text is derived from. */
  basesOf: (scope: Scope) => readonly string[];
}

/** Rounds after which objects have come as far through assignments and calls as they are followed. */
const ROUNDS = 4;
const MAX_DEPTH = 40;

/** Follow the objects of a program through its variables, attributes, function arguments and results. */
export function flowOf(program: Program): Flow {
  const { text, outline } = program;
  const source = ({ from, to }: Expression): string => text.slice(from, to);
  const facts = factsOf(program);
  const bound = new Map<Binding, readonly Thing[]>();
  const results = new Map<Scope, (readonly Thing[])[]>();
  /** The models that each call gives LoRA, by where it begins. */
  const adaptedBy = new Map<number, readonly Thing[]>();
  let known = new Map<number, readonly Thing[]>();
  /** Names that hold an object in some scope. */
  const carriers = new Set<string>();
  /** Whether this round has found anything new. */
  let isNew = true;

  const add = (binding: Binding | undefined, things: readonly Thing[]): void => {
    if (!binding || things.length === 0) return;
    const before = bound.get(binding) ?? NONE;
    const now = united([before, things]);
    if (now.length > before.length) isNew = true;
    bound.set(binding, now);
    carriers.add(binding.name);
  };

  const named = (name: string, offset: number): readonly Thing[] => {
    const fits = kindByName(name);
    if (!fits && !carriers.has(name)) return NONE;
    const bindings = bindingsAt(program, facts, name, offset);
    const found = united(bindings.map((binding) => bound.get(binding) ?? NONE));
    if (found.length > 0) return found;
    const isSaid = bindings.some(({ kind, value }) => {
      const isOpen = value === null || value.name === 'CallExpression' || value.name === 'AwaitExpression';
      return ['import', 'class', 'function'].includes(kind) || !isOpen;
    });
    return fits && !isSaid ? [{ kind: fits, made: -1 }] : NONE;
  };

  const argumentsIn = byPlace((call) => argumentsOf(text, call));
  const makerOf = byPlace((callee) => madeBy(program.path(callee)));
  const calledIn: Flow['calledIn'] = byPlace((call) => {
    const callee = call.firstChild;
    if (!callee) return null;
    if (callee.name === 'VariableName') {
      const binding = bindingsAt(program, facts, source(callee), callee.from).at(-1);
      return binding?.value && /Definition$/.test(binding.value.name)
        ? (facts.definitions.get(binding.value.from) ?? null)
        : null;
    }
    const own = /^self\.(\w+)$/.exec(source(callee));
    const method =
      own &&
      classAround(scopeAt(outline, callee.from))
        ?.bindings.get(own[1] ?? '')
        ?.at(-1);
    return method?.value ? (facts.definitions.get(method.value.from) ?? null) : null;
  });

  const thingsOf = (expression: Expression, depth = 0): readonly Thing[] => {
    if (depth > MAX_DEPTH) return NONE;
    const key = placeOf(expression);
    const before = known.get(key);
    if (before) return before;
    known.set(key, NONE);
    const things = behindLora(expression, computed(expression, depth + 1));
    known.set(key, things);
    return things;
  };

  /** A model has LoRA behind the call that puts it there, whatever name it goes by. */
  const behindLora = (expression: Expression, things: readonly Thing[]): readonly Thing[] => {
    if (!things.some(({ kind }) => kind === 'base')) return things;
    const own = scopeAt(outline, expression.from);
    const here = facts.lora.filter((call) => scopeAt(outline, call.from) === own);
    const behind = here.filter((call) => call.to <= expression.from);
    if (here.length > 0 && behind.length === 0) return things;
    const adapted = behind.map((call) => adaptedBy.get(call.from) ?? NONE);
    const isAdapted = ({ made }: Thing): boolean =>
      made < 0 ||
      facts.lora.length === 0 ||
      adapted.some((ones) => ones.length === 0 || ones.some((one) => one.made === made));
    return things.map((thing) => (thing.kind === 'base' && isAdapted(thing) ? { ...thing, kind: 'model' } : thing));
  };

  const computed = (expression: Expression, depth: number): readonly Thing[] => {
    const all = (nodes: readonly Expression[]): readonly Thing[] => united(nodes.map((node) => thingsOf(node, depth)));
    switch (expression.name) {
      case 'VariableName':
        return source(expression) === 'self' ? selfOf(expression) : named(source(expression), expression.from);
      case 'MemberExpression':
        return member(expression, depth);
      case 'CallExpression':
        return called(expression, depth);
      case 'ConditionalExpression': {
        const [one, , , , other] = childrenOf(expression);
        return all([one, other].filter((node) => node !== undefined));
      }
      case 'BinaryExpression':
        return childrenOf(expression).some(({ name }) => name === 'or' || name === 'and' || name === 'ArithOp')
          ? all(childrenOf(expression).filter(({ name }) => isObject(name)))
          : NONE;
      case 'ArrayExpression':
      case 'TupleExpression':
      case 'SetExpression':
      case 'ParenthesizedExpression':
      case 'NamedExpression':
      case 'AwaitExpression':
        return all(childrenOf(expression).filter(({ name }) => isObject(name)));
      case 'DictionaryExpression':
      case 'ArrayComprehensionExpression':
      case 'ComprehensionExpression':
      case 'SetComprehensionExpression':
      case 'DictionaryComprehensionExpression':
        return contents(all(elementsOf(expression)));
      default:
        return NONE;
    }
  };

  const selfOf = (expression: Expression): readonly Thing[] => {
    const around = classAround(scopeAt(outline, expression.from));
    return around && facts.bases.get(around)?.some((base) => /Trainer$/.test(base))
      ? [{ kind: 'trainer', made: -1 }]
      : NONE;
  };

  const member = (expression: Expression, depth: number): readonly Thing[] => {
    const object = expression.firstChild;
    const last = expression.lastChild;
    if (!object || !last) return NONE;
    const whole = memberName(text, expression);
    const set = whole === null ? NONE : named(whole, expression.from);
    if (set.length > 0) return set;
    const things = thingsOf(object, depth);
    if (last.name !== 'PropertyName') {
      const word = /^\[\s*["'](\w+)["']\s*\]$/.exec(text.slice(object.to, expression.to))?.[1];
      return united([
        mapped(things, ({ kind }) => (kind === 'group' && word !== 'params' ? undefined : ITEMS[kind])),
        things.some(({ kind }) => kind === 'callback-kwargs') ? ofCallback(word) : NONE,
      ]);
    }
    const attribute = source(last);
    if (attribute === '__dict__') return things;
    if (attribute === 'param_groups' && things.length === 0) return [{ kind: 'groups', made: -1 }];
    return mapped(things, ({ kind }) => ATTRIBUTES[kind]?.[attribute]);
  };

  const called = (call: Expression, depth: number): readonly Thing[] => {
    const callee = call.firstChild;
    if (!callee) return NONE;
    const own = calledIn(call);
    if (own && own.scope.kind === 'function') {
      const given = results.get(own.scope);
      if (given) return united(given);
    }
    const base = own?.scope.kind === 'class' ? facts.bases.get(own.scope)?.find((path) => madeBy(path)) : undefined;
    const made = base === undefined ? makerOf(callee) : madeBy(base);
    if (made && (!own || base)) return [{ kind: made, made: call.from }];
    const name = lastName(text, callee);
    const object = callee.name === 'MemberExpression' ? callee.firstChild : null;
    const things = object ? thingsOf(object, depth) : NONE;
    const given = mapped(things, ({ kind }) => METHODS[kind]?.[name]);
    if (given.length > 0) return given;
    const args = argumentsIn(call);
    if (name === 'get' && things.some(({ kind }) => kind === 'callback-kwargs')) {
      const [word] = args.positional;
      return ofCallback(word ? source(word).slice(1, -1) : undefined);
    }
    return PASSING.has(name) ? united(givenIn(args).map((node) => thingsOf(node, depth))) : NONE;
  };

  /** Gives the targets of an assignment or a loop what is assigned to each. */
  const assign = (targets: readonly Expression[], value: Expression, isItem: boolean): void => {
    const [only] = targets;
    const names = targets.length === 1 && only ? itemsOf(only) : targets;
    const things = thingsOf(value);
    const each = isItem ? mapped(things, ({ kind }) => ITEMS[kind] ?? kind) : things;
    if (!names) {
      if (only) add(facts.bindings.get(only.from), each);
      return;
    }
    const parts = partsOf(value, names.length, isItem);
    names.forEach((target, i) => {
      const part = parts?.[i];
      const isLast = i === (isItem ? names.length - 1 : 0);
      if (part) assignThings(target, isItem ? mapped(part, ({ kind }) => ITEMS[kind] ?? kind) : part);
      else if (isLast && !parts && !isPassing(value)) assignThings(target, each);
    });
  };

  const assignThings = (target: Expression, things: readonly Thing[]): void => {
    const inner = itemsOf(target);
    const last = inner ? inner.at(-1) : target;
    if (last) add(facts.bindings.get(last.from), things);
  };

  const isPassing = (value: Expression): boolean =>
    value.name === 'CallExpression' && /^(?:prepare|initialize|setup)$/.test(lastName(text, value.firstChild));

  /** What each of several targets gets, where that can be told apart. */
  const partsOf = (value: Expression, count: number, isItem: boolean): (readonly Thing[])[] | null => {
    const items = isItem ? null : itemsOf(value);
    if (items?.length === count) return items.map((item) => thingsOf(item));
    if (value.name !== 'CallExpression') return null;
    const own = calledIn(value);
    const given = own ? results.get(own.scope) : undefined;
    if (given?.length === count) return given;
    const name = lastName(text, value.firstChild);
    const { positional } = argumentsIn(value);
    const isPaired = (isItem ? name === 'zip' : name === 'prepare') && positional.length === count;
    return isPaired ? positional.map((node) => thingsOf(node)) : null;
  };

  /** Gives the parameters of a function what a call hands over. */
  const pass = (call: Expression): void => {
    const own = calledIn(call);
    if (!own) return;
    const scope = own.scope.kind === 'class' ? own.scope.children.find(({ name }) => name === '__init__') : own.scope;
    if (!scope) return;
    const parameters = ownParameters(scope);
    const { positional, keywords } = argumentsIn(call);
    positional.forEach((node, i) => {
      add(parameters[i], thingsOf(node));
    });
    for (const { name, value } of keywords)
      add(
        parameters.find((parameter) => parameter.name === name),
        thingsOf(value),
      );
  };

  facts.lora.push(...callersOf(facts.lora, program, calledIn));
  for (const { parameter, things } of callbackParameters(facts, text)) add(parameter, things);
  for (let round = 0; round < ROUNDS && isNew; round += 1) {
    known = new Map();
    isNew = false;
    for (const { targets, value, isItem } of facts.assignments) assign(targets, value, isItem);
    for (const call of outline.calls) pass(call);
    for (const call of facts.lora) {
      const object = call.firstChild?.name === 'MemberExpression' ? call.firstChild.firstChild : null;
      const given = [...givenIn(argumentsIn(call)), ...(object ? [object] : [])];
      const models = united(given.map((node) => thingsOf(node))).filter(
        ({ kind }) => kind === 'base' || kind === 'model',
      );
      isNew ||= !areSame(adaptedBy.get(call.from), models);
      adaptedBy.set(call.from, models);
    }
    for (const { scope, values } of facts.returns) {
      const before = results.get(scope) ?? [];
      if (before.length > values.length) continue;
      const each = values.map((value) => thingsOf(value));
      const now = before.length === each.length ? each.map((things, i) => united([things, before[i] ?? NONE])) : each;
      isNew ||= before.length !== now.length || now.some((things, i) => !areSame(before[i], things));
      results.set(scope, now);
    }
  }
  for (const call of outline.calls) {
    const made = call.firstChild ? makerOf(call.firstChild) : undefined;
    if (made !== 'config' && made !== 'args' && made !== 'optimizer') continue;
    for (const { value } of argumentsIn(call).spreads) {
      if (value.name !== 'VariableName') continue;
      for (const binding of bindingsAt(program, facts, source(value), value.from))
        add(binding, [{ kind: 'settings', made: call.from }]);
    }
  }
  known = new Map();
  return { program, thingsOf, calledIn, basesOf: (scope) => facts.bases.get(scope) ?? [] };
}
