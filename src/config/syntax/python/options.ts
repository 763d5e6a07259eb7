import type { Range } from '../../reading';
import { forLast } from '../for-last';
import type { SyntaxNode } from '../tree';
import { bindingsOfName, givenTo, isPrinted, meaningOf, ownerOf } from './names';
import { argumentsOf, innermost, lastName, partName, placeId, rangeOf, stringToken, type Expression } from './nodes';
import type { Outline } from './outline';
import { isPartSet, unseenIn } from './unseen';

/** An option that a user may give when the program is started, and its default. */
export interface Option {
  /** As he would write it: `--learning_rate`, or the field of a dataclass. */
  label: string;
  /** The default: a boolean for a flag, null if unknown or None. */
  defaultValue: Expression | boolean | null;
  place: Range;
}

/** What parses a command line, or a text in its place. */
const PARSERS = [
  ...['parse_args', 'parse_known_args', 'parse_intermixed_args', 'parse_known_intermixed_args'],
  ...['parse_args_into_dataclasses', 'parse_dict'],
];
/** Calls that fill the fields of a class from a file. A script that also reads the command line has one in a branch. */
const FILE_PARSERS = ['parse_json_file', 'parse_yaml_file'];
/** The largest number of names through which an object is followed. */
const MOST_NAMES = 3;
/** Types that leave a text as it is; transformers' SchedulerType is a str with a few values. */
const KEEPS_TEXT = /^(?:str|(?:\w+\.)*SchedulerType)$/;

/** Finds the options of a program that `args.lr` may stand for: those of `argparse`, and fields of dataclasses. */
export class Options {
  private known: Map<string, Option | null> | null = null;

  constructor(
    private readonly text: string,
    private readonly outline: Outline,
    private readonly evaluate: (expression: Expression) => SyntaxNode,
  ) {}

  /** The option that a part of an object is; null if it is none, or the program may set it. */
  of(object: Expression | null, part: string): Option | null {
    this.known ??= this.areGiven() ? new Map<string, Option | null>() : this.all();
    const option = this.known.get(part);
    const isOption = option && object?.name === 'VariableName' && this.mayBeParsed(object);
    // None stands for no value, of which nothing in this file may be known.
    return isOption && this.said(option.defaultValue) !== 'None' ? option : null;
  }

  /**
   * The places that take an option, but to print it or to make a text of it; null where there may be others: where a
   * text names it, or where the object with all options has a second name, or is used in another way than by its
   * parts, as a parameter of this name, or to show it.
   */
  usesOf(object: Expression, part: string): number[] | null {
    const uses = this.outline.parts.get(part) ?? [];
    const isText = (use: Expression): boolean => use.parent?.name === 'FormatReplacement' || isPrinted(this.text, use);
    const isSeen = this.isPlain(this.source(object)) && uses.every((use) => use.name === 'MemberExpression');
    return isSeen ? uses.flatMap((use) => (isText(use) ? [] : use.from)) : null;
  }

  private readonly isPlain = forLast(4, (name: string): boolean => {
    const { text, outline } = this;
    const takers = outline.scopes.filter(({ parent }) => parent?.kind !== 'class');
    const taken = new Set(takers.flatMap((scope) => givenTo(text, outline, scope, name).map(({ from }) => from)));
    const isUsed = (use: Expression): boolean => {
      const { parent } = use;
      const inner = parent?.name === 'MemberExpression' ? partName(text, parent) : undefined;
      if (parent && inner !== undefined)
        return inner === '__dict__' ? isShown(text, outline, parent) : /^(?!__)/.test(inner ?? '__');
      const isKnown = outline.bound.has(placeId(use)) || parent?.name === 'ReturnStatement' || taken.has(use.from);
      return isKnown || isShown(text, outline, use);
    };
    const named = ({ from, parent }: Expression): unknown =>
      parent?.name === 'AssignStatement' && parent.firstChild ? this.source(parent.firstChild) : from;
    // `args = parse_args()`, where `def parse_args(): return parser.parse_args()`
    const isOne = ['MemberExpression', 'VariableName'].every((kind) => {
      const calls = this.callsOf(PARSERS).filter(({ firstChild }) => firstChild?.name === kind);
      return new Set(calls.map(named)).size <= 1;
    });
    return isOne && !unseenIn(text, outline).readsAny && outline.variables.get(name)?.every(isUsed) === true;
  });

  private callsOf(names: readonly string[]): Expression[] {
    return names.flatMap((name) => this.outline.callsByName.get(name) ?? []);
  }

  /** All that the program sets nowhere. */
  private all(): Map<string, Option | null> {
    const options = this.fields();
    const added = new Map<string, Option>();
    for (const call of this.callsOf(['add_argument'])) {
      const { keywords, positional } = argumentsOf(this.text, call);
      const named = (name: string): Expression | undefined => keywords.find((one) => one.name === name)?.value;
      const words = positional.flatMap((node) => stringToken(this.source(node))?.value ?? []);
      const label = words.find((each) => each.startsWith('--')) ?? words[0];
      const destination = named('dest');
      const name = destination ? stringToken(this.source(destination))?.value : label?.replace(/^-+/, '');
      if (!name || label === undefined) continue;
      const defaultValue = this.defaultOf(named, label);
      const key = name.replaceAll('-', '_');
      const before = added.get(key);
      const isOne = !before || this.said(before.defaultValue) === this.said(defaultValue);
      added.set(key, { label, defaultValue: isOne ? defaultValue : null, place: rangeOf(call) });
    }
    for (const [name, option] of added) options.set(name, option);
    for (const call of this.callsOf(['set_defaults'])) {
      const { keywords, spreads } = argumentsOf(this.text, call);
      for (const name of spreads.length > 0 ? [...options.keys()] : keywords.map((one) => one.name))
        options.set(name, null);
    }
    return new Map([...options].filter(([name]) => !isPartSet(this.text, this.outline, name)));
  }

  private defaultOf(named: (name: string) => Expression | undefined, label: string): Option['defaultValue'] {
    const [action, given, type, required] = ['action', 'default', 'type', 'required'].map(named);
    // A text is converted, by whatever the type is.
    const isConverted = given?.name === 'String' && type && !KEEPS_TEXT.test(this.source(type));
    if (isConverted || (required && this.source(required) !== 'False')) return null;
    if (given) return given;
    if (!action || !label.startsWith('-') || /\bargument_default\b/.test(this.text)) return null;
    const does = this.source(action).slice(1, -1);
    return does === 'store_true' ? false : does === 'store_false' ? true : null;
  }

  private said(value: Option['defaultValue']): unknown {
    return typeof value === 'object' && value ? this.source(value) : value;
  }

  /** The fields of the program's classes, by their name; two classes with one field leave it open. */
  private fields(): Map<string, Option | null> {
    const fields = new Map<string, Option | null>();
    const isParsed = this.callsOf(PARSERS).some(({ firstChild }) => firstChild?.name === 'MemberExpression');
    const classes = this.outline.module.children.filter(({ kind }) => kind === 'class');
    const methods = classes.flatMap(({ children }) => children);
    for (const { name: owner, bindings } of classes) {
      // Without a parser, or a call of the class, nothing in this file has these fields; a further object hides uses.
      const isMade = this.callsOf([owner]).length === (isParsed ? 0 : 1);
      for (const [name, [only, more]] of bindings) {
        if (!only || only.kind === 'function' || only.kind === 'class') continue;
        const isSet = methods.some((method) => method.bindings.has(`self.${name}`));
        const isOpen = !isMade || more !== undefined || only.block !== null || isSet || fields.has(name);
        const place = only.nameRange;
        const defaultValue = only.value && defaultIn(this.text, only.value);
        fields.set(name, isOpen ? null : { label: name, defaultValue, place });
      }
    }
    return fields;
  }

  /**
   * Whether options get their values in this text or from a file, so that their defaults do not hold:
   * `parse_args(["--lr", "1"])`, `parse_args(namespace=Namespace(lr=1))`, `parser.parse_json_file(…)`.
   */
  private areGiven(): boolean {
    const { anyName, anyOption } = unseenIn(this.text, this.outline);
    if (anyName || anyOption || this.callsOf(FILE_PARSERS).some((call) => !this.hasParserBeside(call))) return true;
    return this.callsOf(PARSERS).some((call) => {
      const { positional, keywords } = argumentsOf(this.text, call);
      return [...positional, ...keywords.map(({ value }) => value)].some((node) => !this.isCommandLine(node));
    });
  }

  /** Whether another branch of the `if` around a call parses the command line instead. */
  private hasParserBeside({ parent }: Expression): boolean {
    const at = innermost(parent, ({ name }) => name === 'IfStatement' || name === 'FunctionDefinition');
    const branching = at?.name === 'IfStatement' ? at : null;
    return this.callsOf(PARSERS).some(({ from }) => branching && from > branching.from && from < branching.to);
  }

  /** Whether a parser with this argument reads the command line, or nothing: `None`, `sys.argv[1:]`, `[]`. */
  private isCommandLine(node: Expression): boolean {
    const source = this.source(node);
    if (source === '[]' || /^sys\.argv(?:\[\d*:\])?$/.test(source)) return true;
    const value = this.evaluate(node);
    return value.kind === 'scalar' && value.unresolved === undefined && typeof value.value !== 'string';
  }

  /** Whether an object comes from the command line: by a parser, a function of this file, or a parameter of one. */
  private mayBeParsed(object: Expression | null, depth = 0): boolean {
    const { text, outline } = this;
    const made = object?.name === 'MemberExpression' ? object.firstChild : object;
    if (made?.name === 'CallExpression') {
      const name = lastName(text, made.firstChild);
      if ([...PARSERS, ...FILE_PARSERS].includes(name)) return true;
      // `Namespace(**vars(model_args), **vars(training_args))`
      const { spreads, positional, keywords } = argumentsOf(text, made);
      const isVars = ({ value }: { value: Expression }): boolean => /^vars\(/.test(this.source(value));
      if (spreads.length > 0 && spreads.every(isVars)) return positional.length + keywords.length === 0;
      const meaning = made.firstChild?.name === 'VariableName' && meaningOf(outline, name, made.from);
      return meaning === 'open' || (typeof meaning === 'object' && meaning.binding.kind === 'function');
    }
    if (object?.name !== 'VariableName' || depth > MOST_NAMES) return false;
    const name = this.source(object);
    const scope = ownerOf(outline, name, object.from);
    if (!scope || name === 'self' || name === 'cls') return false;
    return bindingsOfName(text, outline, object).every(({ kind, value, from }) =>
      kind === 'parameter'
        ? givenTo(text, outline, scope, name).every((given) => this.mayBeParsed(given, depth + 1))
        : this.mayBeParsed(value ?? this.unpacked(from), depth + 1),
    );
  }

  /** `parser.parse_known_args()` for `args` of `args, rest = parser.parse_known_args()`; null for other statements. */
  private unpacked(from: number): Expression | null {
    const node = innermost(this.outline.tree.resolveInner(from, 1), ({ name }) => name === 'AssignStatement');
    return node?.from === from ? node.lastChild : null;
  }

  private source({ from, to }: Expression): string {
    return this.text.slice(from, to);
  }
}

/** `field(default=8)`, pydantic's `Field(8)`: the default within; anything else is itself the default. */
export function defaultIn(text: string, value: Expression): Expression | null {
  if (value.name !== 'CallExpression' || !/^field$/i.test(lastName(text, value.firstChild))) return value;
  const { keywords, positional } = argumentsOf(text, value);
  return keywords.find(({ name }) => name === 'default')?.value ?? positional[0] ?? null;
}

const COPIES = /^(?:vars|(?:dataclasses\.)?asdict|str|repr|dict)$/;
/** Calls that show what they get. A trainer takes no option that a script adds to the training arguments. */
const SHOWS =
  /(?:^|\.)(?:print|pprint|info|debug|warning|dumps?|init_trackers|send_example_telemetry|\w*Trainer)$|^wandb\.init$/;

/**
 * Whether all options are only shown: `print(args)`, `f"{args}"`, `wandb.init(config=vars(args))`. A name of theirs may be
 * used by its parts as well.
 */
function isShown(text: string, outline: Outline, { parent }: Expression, depth = 0): boolean {
  const call = parent?.name === 'ArgList' ? parent.parent : null;
  const callee = text.slice(call?.firstChild?.from, call?.firstChild?.to);
  const name = depth > 0 && parent?.name === 'AssignStatement' ? parent.firstChild : null;
  if (name?.name === 'VariableName' && depth <= MOST_NAMES) {
    const isPart = ({ to }: Expression): boolean => /^\[["']/.test(text.slice(to, to + 2));
    const uses = outline.variables.get(text.slice(name.from, name.to)) ?? [];
    return uses.every((use) => use.from === name.from || isPart(use) || isShown(text, outline, use, depth + 1));
  }
  if (!call) return parent?.name === 'FormatReplacement';
  return COPIES.test(callee) ? isShown(text, outline, call, depth + 1) : SHOWS.test(callee);
}
