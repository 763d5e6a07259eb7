import type { Range } from '../../reading';
import { childrenOf } from './bindings';
import { argumentsOf } from './names';
import { stringToken } from './literals';
import { lastName, type Outline } from './outline';
import type { Expression } from './scope';

/** An option that a user may give when the program is started, and its default. */
export interface Option {
  /** As the user would write it: `--learning_rate`, or the field of a dataclass. */
  label: string;
  /** The default; a boolean for a flag. */
  defaultValue: Expression | boolean;
  place: Range;
}

/** The options of the program, by the attribute that holds each; null for one that is unknown or added twice. */
export function optionsOf(text: string, outline: Outline): ReadonlyMap<string, Option | null> {
  const options = new Map<string, Option | null>();
  // Defaults for a whole parser.
  if (outline.callsByName.has('set_defaults') || /\bargument_default\b/.test(text)) return options;
  const add = (name: string, option: Option | null): void => {
    options.set(name, options.has(name) ? null : option);
  };
  for (const call of outline.callsByName.get('add_argument') ?? []) addArgument(text, call, add);
  addFields(text, outline, add);
  return options;
}

type Add = (name: string, option: Option | null) => void;

/** `parser.add_argument("--lora-r", "-r", type=int, default=8)` */
function addArgument(text: string, call: Expression, add: Add): void {
  const { keywords, positional } = argumentsOf(text, call);
  const valueOf = (name: string): Expression | undefined => keywords.find((keyword) => keyword.name === name)?.value;
  const wordIn = (node: Expression | undefined): string | null =>
    node ? (stringToken(text.slice(node.from, node.to))?.value ?? null) : null;
  const flags = positional.flatMap((node) => wordIn(node) ?? []);
  const label = flags.find((flag) => flag.startsWith('--')) ?? flags[0];
  if (label === undefined) return;
  const name = wordIn(valueOf('dest')) ?? label.replace(/^-+/, '').replaceAll('-', '_');
  const [given, type] = [valueOf('default'), valueOf('type')];
  // A text is converted, by whatever the type is.
  const isConverted =
    given?.name === 'String' && type !== undefined && !KEEPS_TEXT.test(text.slice(type.from, type.to));
  const isOpen = isConverted || valueOf('required') !== undefined || !label.startsWith('-');
  const defaultValue = given ?? FLAGS[wordIn(valueOf('action')) ?? ''];
  add(name, isOpen || defaultValue === undefined ? null : { label, defaultValue, place: placeOf(call) });
}

/** Types that leave a text as it is; transformers' SchedulerType is a str with a few values. */
const KEEPS_TEXT = /^(?:str|(?:\w+\.)*SchedulerType)$/;

/** The defaults of argparse's actions. */
const FLAGS: Readonly<Record<string, boolean>> = { store_true: false, store_false: true };

/** The fields of the program's classes, which a parser of dataclasses fills. */
function addFields(text: string, { module }: Outline, add: Add): void {
  const classes = module.children.filter(({ kind }) => kind === 'class');
  const methods = classes.flatMap(({ children }) => children);
  for (const { bindings } of classes) {
    for (const [name, [only, more]] of bindings) {
      if (!only || only.kind === 'function' || only.kind === 'class') continue;
      const isSet = methods.some((method) => method.bindings.has(`self.${name}`));
      const defaultValue = only.value && defaultIn(text, only.value);
      const isOpen = more !== undefined || only.block !== null || isSet || defaultValue === null;
      add(name, isOpen ? null : { label: name, defaultValue, place: only.nameRange });
    }
  }
}

/** `field(default=8)`, pydantic's `Field(8)`: the default within; anything else is itself the default. */
function defaultIn(text: string, value: Expression): Expression | null {
  if (value.name !== 'CallExpression' || !/^field$/i.test(lastName(text, value.firstChild))) return value;
  const { keywords, positional } = argumentsOf(text, value);
  return keywords.find(({ name }) => name === 'default')?.value ?? positional[0] ?? null;
}

function placeOf({ from, to }: Expression): Range {
  return { start: from, end: to };
}

/** What parses a command line. */
export const PARSERS: ReadonlySet<string> = new Set([
  ...['parse_args', 'parse_known_args', 'parse_intermixed_args', 'parse_known_intermixed_args'],
  'parse_args_into_dataclasses',
]);

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
