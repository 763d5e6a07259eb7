import * as l10n from '@vscode/l10n';
import { bareScalar, isDefault, type Lock, type SyntaxNode } from '../../tree';
import { listed } from '../../listed';
import { childrenOf, memberName, partName } from '../bindings';
import type { Branches } from './branches';
import { rangeOf, type Leaves } from './leaves';
import { argumentsOf, chosenBy, givenIn, givenTo, isPassed, meaningOf, ownerOf } from '../names';
import { fieldsOf, optionsOf, parsingCalls, PARSERS, type Option } from '../options';
import { lastName } from '../outline';
import type { Binding, Expression } from '../scope';

/** Follows names to what they stand for in the same text: variables, defaults of arguments and of options. */
export class References {
  private options: { argparse: Map<string, Option>; fields: Map<string, Option | null>; areOpen: boolean } | null =
    null;
  /** Of some places, those that run. */
  private readonly inUse = new WeakMap<readonly number[], readonly number[]>();

  constructor(
    private readonly leaves: Leaves,
    private readonly branches: Branches,
    private readonly evaluate: (expression: Expression) => SyntaxNode,
  ) {}

  /** What a variable was assigned, seen from where it is used. */
  name(expression: Expression): SyntaxNode {
    const { text, outline, uses } = this.leaves;
    const name = this.leaves.source(expression);
    const meaning = meaningOf(outline, name, expression.from, this.branches);
    if (meaning.kind !== 'bound') return this.leaves.unresolved(expression);
    const { binding, scope } = meaning;
    const { value, kind, path, nameRange } = binding;
    if (path !== undefined) return { ...this.leaves.unresolved(expression), unresolved: path };
    if (!value || kind === 'class' || kind === 'function') return this.leaves.unresolved(expression);
    const where = this.leaves.where(nameRange.start);
    const node = this.evaluate(value);
    // A scalar that is set in several places is written where it is used.
    const isAlone = node.kind !== 'scalar' || scope.bindings.get(name)?.length === 1;
    const all = isAlone ? uses.ofVariable(binding) : null;
    const places = all && node.kind !== 'scalar' ? this.running(all) : all;
    if (kind !== 'parameter') {
      const alsoUsedIn = (lines: string): string => l10n.t`${name}, set in ${where}, is also used in ${lines}.`;
      const options = chosenBy(outline, this.branches, name, expression.from);
      return byDefaults(this.leaves.followed(expression, node, { alsoUsedIn, uses: places }), options);
    }
    if (isPassed(text, outline, scope, name)) return this.leaves.unresolved(expression);
    const message = l10n.t`This is the argument ${name} of ${scope.name}; its default is in ${where}, and a call that passes another value wins.`;
    // If nothing in this file calls the function, another file may call it with another value.
    const calls = outline.callsByName.get(scope.name) ?? [];
    const isCalled = calls.some((call) => call.firstChild?.name === 'VariableName');
    const lock = isCalled ? null : { code: 'default-argument', message, option: name };
    const alsoUsedIn = (lines: string): string => l10n.t`The default of ${name} in ${where} is also used in ${lines}.`;
    return this.leaves.followed(expression, node, { alsoUsedIn, uses: places, lock });
  }

  /** The places that run: code in a branch that the defaults skip does not use a value. */
  private running(places: readonly number[]): readonly number[] {
    // Cached, because every place that uses a name asks for all its places.
    const running = this.inUse.get(places) ?? places.filter((at) => this.branches.leftOutBy(at) === null);
    this.inUse.set(places, running);
    return running;
  }

  /** `args.rank`: an option of the command line. The parts of other objects are unknown. */
  member(expression: Expression): SyntaxNode {
    const { outline } = this.leaves;
    const unknown = this.leaves.unresolved(expression);
    const name = memberName(this.leaves.text, expression);
    const part = partName(this.leaves.text, expression);
    const [object] = childrenOf(expression);
    if (name === null || part === null || !object) return unknown;
    const path = this.leaves.path(expression);
    if (path !== name) return { ...unknown, unresolved: path };
    if (object.name !== 'VariableName' || !expression.getChild('PropertyName')) return unknown;
    const setters = (outline.tampering.parts.get(part) ?? []).filter((at) => !isCondition(expression, at));
    const skipped = setters.map((at) => this.branches.leftOutBy(at));
    const options = skipped.flatMap((each) => each ?? []);
    return skipped.includes(null) ? unknown : byDefaults(this.option(expression, part), [...new Set(options)]);
  }

  /** An option of the command line, or of a dataclass that is filled from it. */
  private option(expression: Expression, name: string): SyntaxNode {
    const { text, outline, uses } = this.leaves;
    const unknown = this.leaves.unresolved(expression);
    this.options ??= {
      argparse: optionsOf(text, outline),
      fields: fieldsOf(text, outline),
      areOpen: outline.tampering.anyName || outline.tampering.anyOption || this.areGiven(),
    };
    const { argparse, fields, areOpen } = this.options;
    const option = argparse.get(name) ?? fields.get(name);
    if (areOpen || !option || option.defaultValue === null || !this.mayBeParsed(expression.firstChild)) return unknown;
    const { label, defaultValue, place, owner } = option;
    if (defaultValue === 'None' || (typeof defaultValue === 'object' && defaultValue.name === 'None')) {
      const isParsed = argparse.has(name) || STARTED.some((each) => outline.callsByName.has(each));
      return { ...unknown, ...(isParsed ? { unset: label } : {}) };
    }
    const where = this.leaves.where(place.start);
    const message = l10n.t`This is ${label}; its default is in ${where}, and a value given when the script is started wins.`;
    const lock: Lock = { code: 'default-option', message, option: label };
    if (typeof defaultValue === 'boolean') return bareScalar(text, rangeOf(expression), defaultValue, lock);
    const made = [...parsingCalls(outline), ...(outline.callsByName.get(owner ?? '') ?? [])];
    const all = uses.ofPartIn(name, expression.firstChild ? [expression.firstChild, ...made] : made);
    const alsoUsedIn = (lines: string): string => l10n.t`The default of ${label} is also used in ${lines}.`;
    const places = all && this.running(all);
    return this.leaves.followed(expression, this.evaluate(defaultValue), { alsoUsedIn, uses: places, lock });
  }

  /**
   * Whether options get their values in this text or from a file, so that their defaults do not hold:
   * `parse_args(["--lr", "1"])`, `parse_args(namespace=Namespace(lr=1))`, `parser.parse_json_file(…)`.
   */
  private areGiven(): boolean {
    const { text, outline } = this.leaves;
    const callsOf = (names: readonly string[]): Expression[] =>
      names.flatMap((name) => outline.callsByName.get(name) ?? []);
    const calls = callsOf(PARSERS);
    if (calls.length === 0) return callsOf(FILE_PARSERS).length > 0;
    return calls.some(
      (call) =>
        this.branches.leftOutBy(call.from) === null &&
        givenIn(argumentsOf(text, call)).some((node) => !this.isCommandLine(node)),
    );
  }

  /** Whether a parser with this argument leaves the options to the command line or to their defaults: `None`, `sys.argv[1:]`, `[]`. */
  private isCommandLine(node: Expression): boolean {
    const source = this.leaves.source(node);
    if (source === '[]' || /^sys\.argv(?:\[\d*:\])?$/.test(source)) return true;
    const value = this.evaluate(node);
    return value.kind === 'scalar' && value.unresolved === undefined && typeof value.value !== 'string';
  }

  /** `Namespace(**vars(model_args), **vars(training_args))` */
  private isCopy(call: Expression): boolean {
    const { spreads, ...given } = argumentsOf(this.leaves.text, call);
    const isVars = ({ value }: { value: Expression }): boolean =>
      value.name === 'CallExpression' && this.leaves.source(value.firstChild ?? value) === 'vars';
    return spreads.length > 0 && givenIn(given).length === 0 && spreads.every(isVars);
  }

  /**
   * Whether an object may come from the command line: the result of a parser or of a function of this file, or a
   * parameter that may be given one.
   */
  private mayBeParsed(object: Expression | null, depth = 0): boolean {
    const { text, outline } = this.leaves;
    const call = object?.name === 'MemberExpression' ? object.firstChild : object;
    if (call?.name === 'CallExpression') {
      // A function of the script may have a parser's name.
      if (this.leaves.isOwnFunction(call.firstChild)) return !this.hasFileFunction();
      const isParser =
        PARSERS.includes(lastName(text, call.firstChild)) || (this.isFromFile(object) && this.hasParserBeside(call));
      return isParser || this.isCopy(call);
    }
    const name = object?.name === 'VariableName' ? this.leaves.source(object) : 'self';
    if (!object || name === 'self' || name === 'cls') return false;
    const scope = ownerOf(outline, name, object.from);
    if (!scope) return false;
    if (depth > MOST_NAMES) return true;
    const bindings = scope.bindings.get(name) ?? [];
    if (bindings.length > 0 && bindings.every((each) => this.isFromFile(each.value ?? this.unpacked(each))))
      return false;
    return bindings.every((binding) =>
      binding.kind === 'parameter'
        ? givenTo(text, outline, scope, name).every((given) => this.mayBeParsed(given, depth + 1))
        : this.mayBeParsed(binding.value ?? this.unpacked(binding), depth + 1),
    );
  }

  /** Whether another branch of the `if` around this call parses the command line instead. */
  private hasParserBeside(call: Expression): boolean {
    let within: Expression = call;
    for (let at = call.parent; at && at.name !== 'FunctionDefinition'; at = at.parent) {
      if (at.name === 'IfStatement') {
        const [branch, all] = [within, at];
        return PARSERS.some((name) =>
          (this.leaves.outline.callsByName.get(name) ?? []).some(
            ({ from }) => isWithin(from, all) && !isWithin(from, branch),
          ),
        );
      }
      within = at;
    }
    return false;
  }

  /** Whether a function of this file reads options from a file alone. */
  private hasFileFunction(): boolean {
    return FILE_PARSERS.some((name) =>
      (this.leaves.outline.callsByName.get(name) ?? []).some(
        (call) => isInFunction(call) && !this.hasParserBeside(call),
      ),
    );
  }

  /** Whether an object is filled from a file, so that its fields have no defaults: `parser.parse_json_file(path)[0]` */
  private isFromFile(object: Expression | null): boolean {
    const call = object?.name === 'MemberExpression' ? object.firstChild : object;
    return call?.name === 'CallExpression' && FILE_PARSERS.includes(lastName(this.leaves.text, call.firstChild));
  }

  /** `parser.parse_known_args()` for `args` of `args, rest = parser.parse_known_args()`; null for other statements. */
  private unpacked({ from }: Binding): Expression | null {
    let node: Expression | null = this.leaves.outline.tree.resolveInner(from, 1);
    while (node && node.name !== 'AssignStatement') node = node.parent;
    return node?.from === from ? node.lastChild : null;
  }
}

/** Whether an expression belongs to the condition of a branch around `offset`: `if args.resume: args.resume = None` */
function isCondition(expression: Expression, offset: number): boolean {
  for (let at = expression.parent; at && at.name !== 'Body'; at = at.parent) {
    if (at.name === 'IfStatement') return at.from < offset && offset < at.to;
  }
  return false;
}

const isWithin = (offset: number, { from, to }: Expression): boolean => offset >= from && offset < to;

function isInFunction(node: Expression): boolean {
  for (let at = node.parent; at; at = at.parent) if (at.name === 'FunctionDefinition') return true;
  return false;
}

/** Marks a value that would be different if options did not have their defaults. */
function byDefaults(node: SyntaxNode, [option, ...more]: readonly string[]): SyntaxNode {
  if (node.kind !== 'scalar' || node.unresolved !== undefined || option === undefined) return node;
  if (node.lock && !isDefault(node.lock)) return node;
  const message =
    more.length === 0
      ? l10n.t`It holds while ${option} has its default.`
      : l10n.t`It holds while ${listed([option, ...more])} have their defaults.`;
  const lock = node.lock
    ? { ...node.lock, message: `${node.lock.message} ${message}` }
    : { code: 'default-option', message, option };
  return { ...node, lock };
}

/** Calls that fill the fields of a class from a file. A script that also reads the command line has one in a branch. */
const FILE_PARSERS = ['parse_json_file', 'parse_yaml_file'];
/** The largest number of names through which an object is followed. */
const MOST_NAMES = 3;
/** Calls that fill the fields of a class from the command line. */
const STARTED = ['parse_args_into_dataclasses', 'parse_args_and_config'];
