import {
  bareScalar,
  callIn,
  isDefault,
  spreadEntry,
  type Entry,
  type Lock,
  type MapNode,
  type SyntaxNode,
} from '../tree';
import { memberName } from './bindings';
import type { Branches } from './branches';
import { rangeOf, type Leaves } from './leaves';
import { argumentsOf, chosenBy, givenIn, givenTo, isPassed, meaningOf } from './names';
import { areGiven, fieldsOf, fieldsOfClass, optionsOf, parsingCalls, type Option } from './options';
import { lastName } from './outline';
import type { Binding, Expression, Scope } from './scope';
import { isSetOutside, partsSetOf } from './tampering';

/** Follows names to what they stand for in the same text: variables, arguments, options, parts of dicts and objects. */
export class References {
  private options: Map<string, Option> | null = null;
  private fields: Map<string, Option | null> | null = null;
  private areGiven: boolean | null = null;

  constructor(
    private readonly leaves: Leaves,
    private readonly branches: Branches,
    private readonly evaluate: (expression: Expression, depth: number) => SyntaxNode,
  ) {}

  /** What a variable was assigned, seen from where it is used. */
  name(expression: Expression, name: string, depth: number): SyntaxNode {
    const meaning = meaningOf(this.leaves.text, this.leaves.outline, name, expression.from, this.branches);
    if (meaning.kind !== 'bound') return this.leaves.unresolved(expression);
    const { binding, scope } = meaning;
    if (binding.path !== undefined) return { ...this.leaves.unresolved(expression), unresolved: binding.path };
    if (!binding.value || binding.kind === 'class' || binding.kind === 'function')
      return this.leaves.unresolved(expression);
    const node = (): SyntaxNode => this.evaluate(value, depth + 1);
    const { value, nameRange } = binding;
    const all = scope.bindings.get(name) ?? [];
    const where = this.leaves.where(nameRange.start);
    const uses = /^\w+$/.test(name)
      ? this.leaves.uses.ofVariable(binding, all)
      : this.usesOfPart(expression, name, all);
    if (binding.kind !== 'parameter') {
      const changed = this.asChanged(expression, node(), name, scope);
      const followed = this.leaves.followed(expression, changed, { words: `${name}, set in ${where},`, uses });
      return this.byDefaults(expression, followed, name);
    }
    if (isPassed(this.leaves.text, this.leaves.outline, scope, name)) return this.leaves.unresolved(expression);
    const message = `This is the argument ${name} of ${scope.name}; its default is in ${where}, and a call that passes another value wins.`;
    // What no call of this text passes, one of another text may.
    const calls = this.leaves.outline.callsByName.get(scope.name) ?? [];
    const isCalled = calls.some((call) => call.firstChild?.name === 'VariableName');
    const lock = isCalled ? null : { code: 'default-argument', message, option: name };
    return this.leaves.followed(expression, node(), { words: `The default of ${name} in ${where}`, uses, lock });
  }

  /** An object of which parts are set after it was made: those are unknown, in whichever order it happens. */
  private asChanged(expression: Expression, node: SyntaxNode, name: string, scope: Scope): SyntaxNode {
    if (node.kind === 'scalar') return node;
    const held = node.kind === 'map' ? node.entries.map(({ key }) => key) : node.items.map((_, index) => String(index));
    const parts = partsSetOf(scope, name, held, this.leaves.outline.tampering);
    if (node.kind === 'list') return parts?.length === 0 ? node : this.leaves.unresolved(expression);
    const value = this.leaves.unresolved(expression);
    const unknown = parts?.map((key): Entry => ({ key, keyRange: value.range, value })) ?? [
      spreadEntry(value.range, value),
    ];
    const known = node.entries.filter(({ key }) => parts !== null && !parts.includes(key));
    return unknown.length === 0 ? node : { ...node, entries: [...known, ...unknown] };
  }

  /** `args.rank`, `config.lr`, `config["lr"]`. */
  member(expression: Expression, depth: number): SyntaxNode {
    const name = memberName(this.leaves.text, expression);
    const split = name === null ? null : PART.exec(name);
    if (name === null || !split) return this.leaves.unresolved(expression);
    const [, base = '', attribute, item] = split;
    const { tampering } = this.leaves.outline;
    const root = /^\w+/.exec(base)?.[0] ?? '';
    const holder = meaningOf(this.leaves.text, this.leaves.outline, root, expression.from);
    const scope = holder.kind === 'bound' ? holder.scope : null;
    const isOpen = tampering.anyName || tampering.objects.has(base);
    if (isOpen || isSetOutside(tampering, attribute ?? item ?? '', scope, root)) {
      return this.leaves.unresolved(expression);
    }
    const set = meaningOf(this.leaves.text, this.leaves.outline, name, expression.from, this.branches);
    if (set.kind === 'open') return this.leaves.unresolved(expression);
    if (set.kind === 'bound') return this.name(expression, name, depth);
    if (!/^\w+$/.test(base))
      return { ...this.leaves.unresolved(expression), unresolved: this.leaves.path(expression).slice(0, 60) };
    const owner = meaningOf(this.leaves.text, this.leaves.outline, base, expression.from);
    const binding = owner.kind === 'bound' ? owner.binding : null;
    if (binding?.path !== undefined)
      return { ...this.leaves.unresolved(expression), unresolved: this.leaves.path(expression) };
    if (binding?.kind === 'class' && attribute !== undefined) return this.ofClass(expression, base, attribute, depth);
    const made = binding?.value && binding.kind === 'assigned' ? this.evaluate(binding.value, depth + 1) : null;
    if (made?.kind === 'map') return this.ofObject(expression, made, attribute ?? item ?? '', depth);
    if (made?.kind === 'list' && item !== undefined) {
      const chosen = made.items[Number(item)];
      const words = `${base}, set in ${this.leaves.where(binding?.nameRange.start ?? 0)},`;
      return chosen
        ? this.leaves.followed(expression, chosen, { words, uses: null })
        : this.leaves.unresolved(expression);
    }
    const isCopy = binding?.value?.name === 'CallExpression' && /\breplace$/.test(calleeOf(this.leaves, binding.value));
    return attribute === undefined || isCopy
      ? this.leaves.unresolved(expression)
      : this.byDefaults(expression, this.option(expression, attribute, depth), name);
  }

  /** Marks a value that would be different if options did not have their defaults. */
  private byDefaults(expression: Expression, node: SyntaxNode, name: string): SyntaxNode {
    if (node.kind !== 'scalar' || node.unresolved !== undefined) return node;
    const [option, ...more] = chosenBy(this.leaves.outline, this.branches, name, expression.from);
    if (option === undefined || (node.lock && !isDefault(node.lock))) return node;
    const message = `It holds while ${[option, ...more].join(' and ')} ${more.length > 0 ? 'have their defaults' : 'has its default'}.`;
    const lock = node.lock
      ? { ...node.lock, message: `${node.lock.message} ${message}` }
      : { code: 'default-option', message, option };
    return { ...node, lock };
  }

  /**
   * Whether an object may come from the command line: the result of a parser or of a function of this file, or a
   * parameter that may be given one.
   */
  private mayBeParsed(object: Expression | null, depth = 0): boolean {
    const { text, outline } = this.leaves;
    const call = object?.name === 'MemberExpression' ? object.firstChild : object;
    if (call?.name === 'CallExpression') {
      const isParser = /^parse_/.test(lastName(text, call.firstChild)) || this.leaves.isOwnFunction(call.firstChild);
      return isParser || this.isCopy(call);
    }
    const name = object?.name === 'VariableName' ? this.leaves.source(object) : 'self';
    if (!object || name === 'self' || name === 'cls') return false;
    const meaning = meaningOf(text, outline, name, object.from);
    if (meaning.kind !== 'bound' || depth > MOST_NAMES) return true;
    const { binding, scope } = meaning;
    return binding.kind === 'parameter'
      ? givenTo(text, outline, scope, name).every((given) => this.mayBeParsed(given, depth + 1))
      : binding.kind !== 'assigned' || !binding.value || this.mayBeParsed(binding.value, depth + 1);
  }

  /** `Namespace(**vars(model_args), **vars(training_args))` */
  private isCopy(call: Expression): boolean {
    const { spreads, ...given } = argumentsOf(this.leaves.text, call);
    const isOnlySpread = spreads.length > 0 && givenIn(given).length === 0;
    return isOnlySpread && spreads.every(({ value }) => /^vars\(/.test(this.leaves.source(value)));
  }

  /** Who takes a part of an object: all that take a part of that name, and all that take the object as a whole. */
  private usesOfPart(expression: Expression, name: string, all: readonly Binding[]): readonly number[] | null {
    const { outline, uses } = this.leaves;
    const [, base = '', attribute, item] = PART.exec(name) ?? [];
    const isOne = all.length < 2 && outline.module.bindings.get(base)?.length === 1;
    const holder = expression.firstChild;
    return isOne && holder ? uses.ofPartIn(attribute ?? item ?? '', [holder]) : null;
  }

  private ofObject(expression: Expression, object: MapNode, part: string, depth: number): SyntaxNode {
    const entry = object.entries.findLast(({ key }) => key === part);
    // What an own class makes of its arguments is not known, nor which field a positional one is.
    const call = callIn(object);
    const isMade = call !== null && this.makesItsOwn(call.callee, part);
    const isPositional = call !== null && object.entries.some(({ key, isSpread }) => isSpread ?? /^\d+$/.test(key));
    if (isMade || (!entry && isPositional)) return this.leaves.unresolved(expression);
    if (entry) {
      const name = memberName(this.leaves.text, expression) ?? '';
      const words = `${this.leaves.source(expression)}, set in ${this.leaves.where(entry.keyRange.start)},`;
      return this.leaves.followed(expression, entry.value, { words, uses: this.usesOfPart(expression, name, []) });
    }
    const made = call?.callee ?? '';
    return call === null ? this.leaves.unresolved(expression) : this.ofClass(expression, made, part, depth);
  }

  /** Whether a class of this text sets a field in a method of its own, or computes it. */
  private makesItsOwn(className: string, field: string): boolean {
    const scope = this.leaves.outline.module.children.find(({ kind, name }) => kind === 'class' && name === className);
    return (scope?.children ?? []).some(
      ({ kind, name, bindings }) =>
        kind === 'function' && (name === '__init__' || name === field || bindings.has(`self.${field}`)),
    );
  }

  private ofClass(expression: Expression, className: string, field: string, depth: number): SyntaxNode {
    const scope = this.leaves.outline.module.children.find(({ kind, name }) => kind === 'class' && name === className);
    const option = scope && fieldsOfClass(this.leaves.text, scope).get(field);
    if (!option?.defaultValue || typeof option.defaultValue !== 'object') return this.leaves.unresolved(expression);
    const words = `${className}.${field}, set in ${this.leaves.where(option.place.start)},`;
    const uses = this.leaves.uses.ofField(field, className);
    return this.leaves.followed(expression, this.evaluate(option.defaultValue, depth + 1), { words, uses });
  }

  /** An option of the command line or of a dataclass that is filled from it. */
  private option(expression: Expression, name: string, depth: number): SyntaxNode {
    this.options ??= optionsOf(this.leaves.text, this.leaves.outline);
    this.fields ??= fieldsOf(this.leaves.text, this.leaves.outline);
    const option = this.options.get(name) ?? this.fields.get(name);
    this.areGiven ??= areGiven(this.leaves.text, this.leaves.outline);
    const isOpen = this.leaves.outline.tampering.anyOption || this.areGiven;
    if (isOpen || !this.mayBeParsed(expression.firstChild) || !option || option.defaultValue === null)
      return this.leaves.unresolved(expression);
    const { label, defaultValue, place, owner } = option;
    if (defaultValue === 'None' || (typeof defaultValue === 'object' && defaultValue.name === 'None')) {
      const isParsed = this.options.has(name) || STARTED.some((each) => this.leaves.outline.callsByName.has(each));
      return { ...this.leaves.unresolved(expression), ...(isParsed ? { unset: label } : {}) };
    }
    const where = this.leaves.where(place.start);
    const message = `This is ${label}; its default is in ${where}, and a value given when the script is started wins.`;
    const lock: Lock = { code: 'default-option', message, option: label };
    if (typeof defaultValue === 'boolean') return bareScalar(this.leaves.text, rangeOf(expression), defaultValue, lock);
    const words = `The default of ${label}`;
    const { outline } = this.leaves;
    const made = [...parsingCalls(outline), ...(outline.callsByName.get(owner ?? '') ?? [])];
    const all = this.leaves.uses.ofPartIn(name, expression.firstChild ? [expression.firstChild, ...made] : made);
    // Code in a branch that the defaults skip does not use the value.
    const uses = all?.filter((at) => this.branches.leftOutBy(at) === null) ?? null;
    return this.leaves.followed(expression, this.evaluate(defaultValue, depth + 1), { words, uses, lock });
  }
}

/** An object is followed through as many names. */
const MOST_NAMES = 3;
/** Calls that fill the fields of a class from the command line. */
const STARTED = ['parse_args_into_dataclasses', 'parse_args_and_config'];

/** `args.lr`, `config['lr']` as {@link memberName} writes them. */
const PART = /^(.+?)(?:\.(\w+)|\['(.+)'\])$/;

function calleeOf(leaves: Leaves, { firstChild }: Expression): string {
  return firstChild ? leaves.source(firstChild) : '';
}
