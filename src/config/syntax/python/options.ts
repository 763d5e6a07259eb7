import type { Range } from '../../reading';
import { childrenOf } from './bindings';
import { argumentsOf } from './names';
import { stringToken } from './literals';
import { lastName, type Outline } from './outline';
import type { Expression } from './scope';

/** An option that a user may give when the program is started, and its default. */
export interface Option {
  /** As he would write it: `--learning_rate`, or the field of a dataclass. */
  label: string;
  /** The default: a boolean for a flag, `None` if none is written, null if unknown. */
  defaultValue: Expression | boolean | 'None' | null;
  place: Range;
  /** The class that has this field. */
  owner?: string;
}

/** The options of the program's `argparse` parsers, by the name of the attribute that holds each. */
export function optionsOf(text: string, { callsByName }: Outline): Map<string, Option> {
  const options = new Map<string, Option>();
  const hasOther = /\bargument_default\b/.test(text);
  for (const call of callsByName.get('add_argument') ?? []) {
    const found = optionIn(text, call, hasOther);
    if (!found) continue;
    const { name, option } = found;
    const before = options.get(name);
    const isOne = before === undefined || isSameDefault(text, before.defaultValue, option.defaultValue);
    options.set(name, isOne ? option : { ...option, defaultValue: null });
  }
  for (const call of callsByName.get('set_defaults') ?? []) {
    const { keywords, isOpen } = argumentsOf(text, call);
    for (const [name, option] of options) {
      if (isOpen || keywords.some((keyword) => keyword.name === name))
        options.set(name, { ...option, defaultValue: null });
    }
  }
  return options;
}

/**
 * The option that a call of `add_argument` adds, and the attribute that holds it.
 * @param hasOther whether a parser of the program has a default of its own for all options
 */
function optionIn(text: string, call: Expression, hasOther: boolean): { name: string; option: Option } | null {
  const { keywords, positional } = argumentsOf(text, call);
  const named = (name: string): Expression | undefined => keywords.find((keyword) => keyword.name === name)?.value;
  const flags = positional.flatMap((node) => stringToken(text.slice(node.from, node.to))?.value ?? []);
  const flag = flags.find((each) => each.startsWith('--')) ?? flags[0];
  if (flag === undefined) return null;
  const destination = named('dest');
  const name = destination
    ? stringToken(text.slice(destination.from, destination.to))?.value
    : flag.replace(/^-+/, '').replaceAll('-', '_');
  const action = named('action');
  const does = action ? text.slice(action.from + 1, action.to - 1) : '';
  const given = named('default');
  const type = named('type');
  // A text is converted, by whatever the type is.
  const isConverted =
    given?.name === 'String' && type !== undefined && !KEEPS_TEXT.test(text.slice(type.from, type.to));
  const implied = flag.startsWith('-') && !hasOther ? defaultOf(action ? does : 'store') : null;
  const required = named('required');
  const isOpen = isConverted || (required !== undefined && text.slice(required.from, required.to) !== 'False');
  const defaultValue = isOpen ? null : (given ?? implied);
  return name ? { name, option: { label: flag, defaultValue, place: { start: call.from, end: call.to } } } : null;
}

/** Types that leave a text as it is; transformers' SchedulerType is a str with a few values. */
const KEEPS_TEXT = /^(?:str|(?:\w+\.)*SchedulerType)$/;

/** The default of argparse if none is written; null if unknown. */
function defaultOf(action: string): boolean | 'None' | null {
  switch (action) {
    case 'store_true':
      return false;
    case 'store_false':
      return true;
    case 'store':
    case 'append':
      return 'None';
    default:
      return null;
  }
}

function isSameDefault(text: string, one: Option['defaultValue'], other: Option['defaultValue']): boolean {
  const wordsOf = (value: Option['defaultValue']): unknown =>
    typeof value === 'object' && value ? text.slice(value.from, value.to) : value;
  return wordsOf(one) === wordsOf(other);
}

/** What parses a command line, or a text in its place. */
export const PARSERS = [
  ...['parse_args', 'parse_known_args', 'parse_intermixed_args', 'parse_known_intermixed_args'],
  ...['parse_args_into_dataclasses', 'parse_dict'],
];

/**
 * Calls that parse the command line into one object. If the call returns a tuple, the result is the node that indexes
 * it (`…[0]`). A result that is unpacked (`args, rest = …`) is left out, because its parts are different objects.
 */
export function parsingCalls({ callsByName }: Outline): Expression[] {
  return PARSERS.flatMap((name) => callsByName.get(name) ?? []).flatMap((call) => {
    const made = call.parent?.name === 'MemberExpression' && call.parent.getChild('Number') ? call.parent : call;
    const { parent } = made;
    const isSeveral =
      parent?.name === 'AssignStatement' && (parent.getChild(',') ?? parent.getChild('TupleExpression'));
    return isSeveral ? [] : [made];
  });
}

/** The fields of the program's classes, by their name; two classes with one field leave it open. */
export function fieldsOf(text: string, { module }: Outline): Map<string, Option | null> {
  const fields = new Map<string, Option | null>();
  const classes = module.children.filter(({ kind }) => kind === 'class');
  const methods = classes.flatMap(({ children }) => children);
  for (const { name: owner, bindings } of classes) {
    for (const [name, [only, more]] of bindings) {
      if (!only || only.kind === 'function' || only.kind === 'class') continue;
      const isSet = methods.some((method) => method.bindings.has(`self.${name}`));
      const isOpen = more !== undefined || only.block !== null || isSet || fields.has(name);
      const defaultValue = only.value && defaultIn(text, only.value);
      fields.set(name, isOpen ? null : { label: name, defaultValue, place: only.nameRange, owner });
    }
  }
  return fields;
}

/** `field(default=8)`, pydantic's `Field(8)`: the default within; anything else is itself the default. */
function defaultIn(text: string, value: Expression): Expression | null {
  if (value.name !== 'CallExpression' || !/^field$/i.test(lastName(text, value.firstChild))) return value;
  const { keywords, positional } = argumentsOf(text, value);
  return keywords.find(({ name }) => name === 'default')?.value ?? positional[0] ?? null;
}

/** The pairs of a dict literal, and the expressions behind `**`, in the order of the source. */
export function pairsOf(dict: Expression): ({ key: Expression; value: Expression } | { spread: Expression })[] {
  const children = childrenOf(dict).filter(({ name, type }) => !/^[{},]$/.test(name) && !type.isError);
  const pairs: ReturnType<typeof pairsOf> = [];
  for (let i = 0; i < children.length; i++) {
    const [child, colon, value] = children.slice(i, i + 3);
    if (!child) continue;
    if (child.name === '**') {
      if (colon) pairs.push({ spread: colon });
      i += 1;
    } else if (colon?.name === ':' && value && value.name !== ':') {
      pairs.push({ key: child, value });
      i += 2;
    }
  }
  return pairs;
}
