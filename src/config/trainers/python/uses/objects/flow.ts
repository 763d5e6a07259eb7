import { partName } from '../../../../syntax/python/bindings';
import { ByPlace } from '../../../../syntax/python/by-place';
import { argumentsOf, givenIn } from '../../../../syntax/python/names';
import { lastName, scopeAt } from '../../../../syntax/python/outline';
import { ownParameters, type Expression, type Scope } from '../../../../syntax/python/scope';
import type { Program } from '../../../../syntax/python/program';
import { basesIn, definitionsIn } from './called';
import { ATTRIBUTES, ITEMS, kindByName, madeBy, METHODS, PASSING, remembered, type Kind, type Thing } from './kinds';
import { LoraModels, modelOf } from './lora-calls';
import { handedBy, listOf } from './handed-on';
import { elementsOf, itemsOf, assignmentsIn, type Assignment } from './assignments';
import { contents, isOtherPart, itemOf, mapped, NONE, ofWord, passedBy, united, unknownOf } from './things';
import { classAround, isFirstOf, isInLoop, Variables } from './variables';

/** Which of the objects that decide a run each expression of a program may be. */
export interface Flow {
  program: Program;
  /** The objects that an expression may be, itself or as the content of a list. */
  thingsOf: (expression: Expression) => readonly Thing[];
  /** The function or class of this text that a callee is. */
  definitionOf: (callee: Expression) => Scope | null;
  /** The same of a call's callee. */
  calledIn: (call: Expression) => Scope | null;
  /** What a class of this text is derived from. */
  basesOf: (scope: Scope) => readonly string[];
}

/** The largest number of rounds that follow objects through assignments and calls: as many calls within calls. */
const ROUNDS = 8;
const MAX_DEPTH = 40;
/** Kinds of which `**` hands over the entries, not the object. */
const COPIED: ReadonlySet<Kind> = new Set<Kind>(['args', 'config', 'configs', 'settings', 'groups', 'group']);
const GIVES = /^(?:Return|Yield)(?:Statement|Expression)$/;

export function flowOf(program: Program): Flow {
  return new Follower(program);
}

/**
 * Follows objects through variables, attributes, arguments and results, whatever branches run: a variable may hold what
 * any of its assignments gives it.
 */
class Follower implements Flow {
  private readonly variables: Variables;
  /** What functions return, item by item of a tuple. */
  private readonly results = new Map<Scope, (readonly Thing[])[]>();
  private readonly known: ByPlace<readonly Thing[]>;
  private readonly madeBy = remembered(madeBy);
  private readonly kindByName = remembered(kindByName);
  private readonly lora: LoraModels;
  private isNew = true;
  private depth = 0;
  readonly definitionOf: Flow['definitionOf'];
  readonly calledIn: Flow['calledIn'];
  private readonly handed: ReturnType<typeof handedBy>;
  readonly basesOf: Flow['basesOf'];

  constructor(readonly program: Program) {
    this.known = new ByPlace(program.text.length);
    this.definitionOf = definitionsIn(program);
    this.calledIn = ({ firstChild }) => firstChild && this.definitionOf(firstChild);
    this.handed = handedBy(program, this.definitionOf);
    this.basesOf = basesIn(program, this.definitionOf);
    this.variables = new Variables(program, this.definitionOf);
    this.lora = new LoraModels(program, this.calledIn);
    const assignments = assignmentsIn(program.tree);
    const returns: Expression[] = [];
    program.tree.iterate({ enter: (at) => void (GIVES.test(at.name) && returns.push(at.node)) });
    for (let round = 0; round < ROUNDS && this.hasNews(); round += 1) {
      this.known.clear();
      for (const assignment of assignments) this.assign(assignment);
      for (const call of program.outline.calls) this.pass(call);
      for (const scope of program.outline.functions)
        for (const { name, value } of ownParameters(scope))
          if (value) this.variables.add({ name, scope }, this.thingsOf(value), 0);
      for (const statement of returns) this.give(statement);
      for (const call of this.lora.calls) this.adapt(call);
    }
    for (const call of program.outline.calls) this.spread(call);
    this.known.clear();
  }

  thingsOf(expression: Expression): readonly Thing[] {
    const before = this.known.get(expression);
    if (before) return before;
    if (this.depth > MAX_DEPTH) return NONE;
    this.known.set(expression, NONE);
    this.depth += 1;
    const things = this.computed(expression);
    this.depth -= 1;
    this.known.set(expression, things);
    return things;
  }

  /** Whether anything new was found since the last round. */
  private hasNews(): boolean {
    const isNew = this.isNew || this.variables.isNew;
    this.isNew = this.variables.isNew = false;
    return isNew;
  }

  private source(node: Expression | null): string {
    return node ? this.program.text.slice(node.from, node.to) : '';
  }

  private scopeOf({ from }: Expression): Scope {
    return scopeAt(this.program.outline, from);
  }

  private computed(expression: Expression): readonly Thing[] {
    const all = (nodes: readonly Expression[]): readonly Thing[] => united(nodes.map((node) => this.thingsOf(node)));
    switch (expression.name) {
      case 'VariableName':
        return this.named(expression);
      case 'MemberExpression':
        return this.member(expression);
      case 'CallExpression':
        return this.called(expression);
      case 'BinaryExpression':
        if (expression.getChild('CompareOp')) return NONE;
        // `p ** 2` is a number of its own; `groups + [group]` holds the group.
        return mapped(all(elementsOf(expression)), ({ kind }) => {
          return expression.getChild('ArithOp') && /^(?:parameter|grad|data|number)$/.test(kind) ? undefined : kind;
        });
      case 'ConditionalExpression':
      case 'ArrayExpression':
      case 'TupleExpression':
      case 'SetExpression':
      case 'ParenthesizedExpression':
      case 'NamedExpression':
      case 'AwaitExpression':
        return all(elementsOf(expression));
      case 'LambdaExpression':
        return expression.lastChild ? this.thingsOf(expression.lastChild) : NONE;
      case 'DictionaryExpression':
      case 'ArrayComprehensionExpression':
      case 'ComprehensionExpression':
      case 'SetComprehensionExpression':
      case 'DictionaryComprehensionExpression':
        return contents(all(elementsOf(expression)));
      default:
        return NONE;
    }
  }

  /** What a variable holds; by its name where the text does not say. */
  private named(expression: Expression): readonly Thing[] {
    const variable = this.variables.of(expression);
    if (!variable) return NONE;
    const { name, scope } = variable;
    const own = this.scopeOf(expression);
    if (name === 'self' && this.basesIn(own).some((base) => /Trainer$/.test(base))) return [unknownOf('trainer')];
    const isStraight = own === scope && !isInLoop(expression);
    const held = this.variables.held(variable, isStraight ? expression.from : Infinity);
    if (held.length > 0) return this.lora.behind(expression, held);
    const isCallback = this.basesIn(own).some((base) => /Callback$/.test(base));
    const isArgs = isCallback && (name === 'args' || isFirstOf(own, name));
    const kind = isArgs ? 'args' : this.kindByName(name);
    // The Trainer passes each parameter of a callback by its name, so the parameter's default does not matter.
    if (kind === undefined || (!isCallback && this.variables.isSaid(variable))) return NONE;
    return this.lora.behind(expression, [unknownOf(kind)]);
  }

  /** The bases of the class around a scope. */
  private basesIn(scope: Scope): readonly string[] {
    const around = classAround(scope);
    return around ? this.basesOf(around) : [];
  }

  private member(expression: Expression): readonly Thing[] {
    const object = expression.firstChild;
    if (!object) return NONE;
    const set = this.named(expression);
    if (set.length > 0) return set;
    const inside = this.variables.ofObject(expression);
    const held = inside ? this.variables.held(inside, Infinity) : NONE;
    if (held.length > 0) return this.lora.behind(expression, held);
    const things = this.thingsOf(object);
    const part = partName(this.program.text, expression);
    if (expression.getChild('PropertyName')) {
      if (part === '__dict__') return things;
      if (part === 'param_groups' && things.length === 0) return [unknownOf('groups')];
      const { text } = this.program;
      return mapped(things, ({ kind }) => {
        const known = ATTRIBUTES[kind]?.[part ?? ''];
        return known ?? ((kind === 'model' || kind === 'base') && isOtherPart(text, expression) ? kind : undefined);
      });
    }
    const items = mapped(things, (thing) => itemOf(thing, part));
    return items.length > 0 || things.length > 0 ? items : ofWord(part);
  }

  private called(call: Expression): readonly Thing[] {
    const callee = call.firstChild;
    if (!callee) return NONE;
    const own = this.calledIn(call);
    const results = own?.kind === 'function' ? this.results.get(own) : undefined;
    if (results) return united(results);
    const paths = own ? this.basesOf(own) : [this.program.path(callee)];
    const made = paths.map((path) => this.madeBy(path)).find((kind) => kind !== undefined);
    if (made) return [{ kind: made, made: call.from }];
    const name = lastName(this.program.text, callee);
    const things = callee.name === 'MemberExpression' && callee.firstChild ? this.thingsOf(callee.firstChild) : NONE;
    const given = mapped(things, ({ kind }) => METHODS[kind]?.[name]);
    if (given.length > 0) return given;
    const args = argumentsOf(this.program.text, call);
    // `kwargs.get("optimizer")` in a callback
    if ((name === 'get' || name === 'pop') && things.length === 0)
      return ofWord(this.source(args.positional[0] ?? null).slice(1, -1));
    const passed = united(givenIn(args).map((node) => this.thingsOf(node)));
    return callee.name === 'CallExpression' ? passed : passedBy(name, passed);
  }

  private assign({ targets, value, isItem }: Assignment): void {
    const [only] = targets;
    const names = targets.length === 1 && only ? (itemsOf(only) ?? [only]) : targets;
    const parts = names.length === 1 ? [this.thingsOf(value)] : this.partsOf(value, names.length, isItem);
    names.forEach((name, i) => {
      const things = isItem ? mapped(parts[i] ?? NONE, ({ kind }) => ITEMS[kind] ?? kind) : (parts[i] ?? NONE);
      const target = itemsOf(name)?.at(-1) ?? name;
      this.variables.add(this.variables.of(target), things, isItem ? 0 : value.to);
      if (target.name === 'MemberExpression') this.variables.add(this.variables.ofObject(target), things, value.to);
      // `stages["first"] = model`
      const list = target.name === 'MemberExpression' && !target.getChild('PropertyName') ? target.firstChild : null;
      if (list) this.variables.add(this.variables.of(list), contents(things), value.to);
    });
  }

  /** What each of several targets gets of a value. */
  private partsOf(value: Expression, count: number, isItem: boolean): readonly (readonly Thing[])[] {
    const items = isItem ? null : itemsOf(value);
    if (items?.length === count) return items.map((item) => this.thingsOf(item));
    if (value.name === 'CallExpression') {
      const own = this.calledIn(value);
      const results = own ? this.results.get(own) : undefined;
      if (results?.length === count) return results;
      // `model, optimizer = accelerator.prepare(model, optimizer)`
      const { positional } = argumentsOf(this.program.text, value);
      const isPassing = PASSING.has(lastName(this.program.text, value.firstChild));
      if (isPassing && positional.length === count) return positional.map((node) => this.thingsOf(node));
    }
    // `model, tokenizer = …` begins with the model, `for name, parameter in …` ends with it.
    const at = isItem ? count - 1 : 0;
    return Array.from({ length: count }, (_, i) => (i === at ? this.thingsOf(value) : NONE));
  }

  /** Gives the parameters of a function, or a list, what a call hands over. */
  private pass(call: Expression): void {
    for (const { variable, value, isCopied } of this.handed(call)) {
      const things = this.thingsOf(value);
      this.variables.add(
        variable,
        isCopied ? mapped(things, ({ kind }) => (COPIED.has(kind) ? undefined : kind)) : things,
        0,
      );
    }
    const list = listOf(this.program.text, call);
    if (list)
      this.variables.add(
        this.variables.of(list),
        contents(united(givenIn(argumentsOf(this.program.text, call)).map((node) => this.thingsOf(node)))),
        0,
      );
  }

  /** Gives the function around a `return` what it returns. */
  private give(statement: Expression): void {
    const scope = this.scopeOf(statement);
    const values = elementsOf(statement);
    const [only] = values;
    const items = values.length === 1 && only ? (itemsOf(only) ?? values) : values;
    const before = this.results.get(scope) ?? [];
    if (before.length > items.length) return;
    const now = items.map((value, i) => united([this.thingsOf(value), before[i] ?? NONE]));
    this.isNew ||= before.length !== now.length || now.some((things, i) => things.length !== before[i]?.length);
    this.results.set(scope, now);
  }

  /** Notes the models that a call puts LoRA into, whatever their names. */
  private adapt(call: Expression): void {
    const object = call.firstChild?.name === 'MemberExpression' ? call.firstChild.firstChild : null;
    const model = modelOf(this.program.text, call);
    if (model && this.thingsOf(model).length === 0)
      this.variables.add(this.variables.of(model), [unknownOf('base')], 0);
    for (const node of [...givenIn(argumentsOf(this.program.text, call)), ...(object ? [object] : [])])
      if (this.lora.add(this.thingsOf(node))) this.isNew = true;
  }

  /** `LoraConfig(**settings)`: what is done to the dict is done to the config. */
  private spread(call: Expression): void {
    const made = call.firstChild ? this.madeBy(this.program.path(call.firstChild)) : undefined;
    if (made !== 'config' && made !== 'args' && made !== 'optimizer') return;
    for (const { value } of argumentsOf(this.program.text, call).spreads) {
      if (value.name === 'VariableName')
        this.variables.add(this.variables.of(value), [{ kind: 'settings', made: call.from }], 0);
    }
  }
}
