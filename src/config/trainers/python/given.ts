import * as l10n from '@vscode/l10n';
import { childrenOf, elementsOf, itemsOf, lastName, NAMED, pairsOf, placeId } from '../../syntax/python/nodes';
import type { Expression, Place } from '../../syntax/python/nodes';
import { bindingsOfName } from '../../syntax/python/names';
import { NUMBERS, READS, PART, type Held, type Row } from './harmless';
import { MOVED } from './harmless-calls';
import { classRow, PLAIN_BASES } from './harmless-classes';
import { GROUP_NUMBERS } from './parameter-groups';
import { isScheduler } from './schedules';
import type { Called, Touched } from './touched';

/** Something of a script that may reach a run and matches no row of what is known to be harmless. */
export interface Doubt {
  at: Place;
  why: string;
  held: Held;
  /** Whether it replaces a part of a library, for all that runs in the same process. */
  isPatch: boolean;
}

/** The calls whose arguments are the numbers of the runs, and fields that are, as offsets where they begin. */
export interface ReadCalls {
  calls: ReadonlySet<number>;
  /** The groups of parameters that their optimizers are given, as offsets of the dicts. */
  groups: ReadonlySet<number>;
  hasTraining: boolean;
  /** The number of calls that make LoRA. */
  makers: number;
}

export interface Asked {
  touched: Touched;
  read: ReadCalls;
  /** Tells of a part of the program whether something in it holds something of the run. */
  touches: (place: Place) => boolean;
  /** Whether it goes on after some error. */
  goesOn: boolean;
  /** Whether the script calls `step` or `backward` itself. */
  hasSteps: boolean;
}

export const STEPS = /\.(?:step|backward)\s*\(/;

/** Code that goes on after an error, which is then a way to leave out a step. */
export const CATCHES =
  /^[ \t]*except\b(?![ \t]*\(?(?:ImportError|ModuleNotFoundError|KeyboardInterrupt|[\w.]*OutOfMemoryError)\b[^,\n]*$)|\bsuppress\(|\bfinally\s*:[^]*\b(?:continue|break|return)\b/m;

export type Judge = (asked: Asked, node: Expression) => Doubt[];

export function doubtIf(isDoubt: unknown, at: Place, why: string, held: Held = NUMBERS, isPatch = false): Doubt[] {
  return isDoubt ? [{ at, why, held, isPatch }] : [];
}

export function doubtsOfArguments(asked: Asked, call: Expression, called: Called): Doubt[] {
  const { touched, read } = asked;
  const { row, name, owner } = called;
  if (!row) return [];
  const given = touched.given(call);
  const [first, ...further] = given.positional;
  const held = touched.all(given.all);
  const unknown = l10n.t`LoRA Alpha does not know what ${name} does to the run.`;
  const isTrying = row.takes === 'nothing' && isEvaluated(touched, call);
  if (row.may && !isTrying && !keepsTo(touched, call, row.may))
    return doubtIf(true, call, unknown, (owner | held) & ~NUMBERS);
  const isOwn = (value: Expression): boolean => touched.definitions.of(value).length > 0;
  // `torch.sqrt(weight, out=weight)`, `max(weights, key=torch.Tensor.zero_)`
  const acts = (key: string, value: Expression): unknown =>
    key === 'out' ? touched.held(value) : key === 'key' && !isOwn(value);
  if (given.keywords.some((one) => acts(one.name, one.value))) return doubtIf(held, call, unknown, held);
  if (row.isOfWhole && (owner & PART || given.all.some(isOwn))) return doubtIf(true, call, unknown, owner);
  if (row.calls && held && first && first.name !== 'None' && !isOwn(first)) return doubtIf(true, call, unknown, held);
  const isWrong = row.takes === 'nothing' ? held : row.takes === 'whole' && held & PART;
  if (isWrong) return doubtIf(true, call, l10n.t`${name} gets something that a plan changes.`, owner | held);
  // Of these, every argument must be seen.
  if (!/^(?:parameters|numbers|trainer)$/.test(row.takes)) return [];
  const spreads = given.spreads.map(({ value }) => value).filter((value) => !isSeen(touched, value));
  const [hidden] = [...given.stars, ...spreads];
  // `**make_supervised_data_module(…)` of another module says by its name that it holds no number of the run.
  const isMaker = ({ firstChild: made }: Expression): boolean =>
    /^make_\w*data_module$/.test(lastName(touched.program.text, made));
  const isData = hidden && behind(touched, hidden).every(isMaker);
  if (hidden) return doubtIf(true, hidden, l10n.t('The arguments behind * or ** are unknown.'), isData ? 0 : NUMBERS);
  if (row.takes === 'trainer') return doubtsOfTrainer(asked, call);
  if (row.isRead && !read.calls.has(call.from))
    return doubtIf(true, call, l10n.t`LoRA Alpha does not read this ${name}.`, given.all.length > 0 ? NUMBERS : 0);
  if (row.takes === 'parameters') {
    const all = given.keywords.find((keyword) => keyword.name === 'params')?.value ?? first;
    const other = all && behind(touched, all).find((node) => !areParameters(asked, node));
    const why = l10n.t('LoRA Alpha does not know which parameters these are, or their numbers.');
    return other ? doubtIf(true, other, why) : [];
  }
  const others = given.keywords.filter((one) => !/^(?:optimizer|r)$/.test(one.name) && !MOVED.has(one.name));
  // `seed=config.lora_alpha`
  const isNumber = (one: Expression): boolean =>
    one.name !== 'VariableName' && (~touched.held(one) & (NUMBERS | PART)) === 0;
  const counted = others.find(({ value }) => row.takes === 'numbers' && behind(touched, value).some(isNumber));
  if (counted) return doubtIf(true, counted.value, l10n.t`${name} gets something that a plan changes.`);
  const isRate = [...further, ...others.map(({ value }) => value)].some((value) =>
    isOwn(value) ? touched.held(value) : /lambda/i.test(name) && NAMED.test(value.name),
  );
  const why = l10n.t('Its function may hold a learning rate, which a plan does not change.');
  return doubtIf(isScheduler(called.path ?? '') && isRate, call, why);
}

/** Whether `**x` is a dict literal, or a name that is assigned once to one. */
function isSeen({ program }: Touched, value: Expression): boolean {
  const node = program.evaluate(value);
  return node.kind === 'map' && !node.entries.some(({ isSpread }) => isSpread);
}

/** Whether each value that an argument may stand for is one that its row allows. */
function keepsTo(touched: Touched, call: Expression, settings: NonNullable<Row['may']>): boolean {
  const { positional, keywords, stars, spreads } = touched.given(call);
  const named = (key: string): Expression | undefined => keywords.find(({ name }) => name === key)?.value;
  const isOff = touched.source(named('enabled')) === 'False';
  const all = Object.entries(settings).map(([key, setting]) => [named(key), ...setting] as const);
  return (
    stars.length + spreads.length === 0 &&
    all.every(([value, place, text, isNeeded]) => {
      const given = value ?? positional[place];
      return given ? behind(touched, given).every((one) => text.test(touched.source(one))) : !isNeeded || isOff;
    })
  );
}

/** Whether a call stands in `torch.no_grad` or `inference_mode`, or opens a block that only prints: nothing trains there. */
function isEvaluated(touched: Touched, { parent }: Expression): boolean {
  const body = parent?.name === 'WithStatement' ? parent.getChild('Body') : null;
  const isIn = ({ from, to }: Place): boolean => body !== null && from >= body.from && to <= body.to;
  const reads = touched.program.outline.calls.filter(isIn).every((call) => touched.called(call).row === READS);
  if (body && reads && childrenOf(body).every((one) => /^(?::|print\()/.test(touched.source(one)))) return true;
  for (let node = parent; node; node = node.parent) {
    const heads = /^(?:With|Decorated)Statement$/.test(node.name) ? childrenOf(node) : [];
    if (heads.some((head) => /^@?\s*(?:torch\.)?(?:no_grad|inference_mode)\b/.test(touched.source(head)))) return true;
  }
  return false;
}

/** Whether an expression is known to be parameters of the run alone, or a group of them that is read. */
function areParameters(asked: Asked, node: Expression): boolean {
  const { touched, read } = asked;
  if (node.name === 'DictionaryExpression') {
    const pairs = touched.keysIn(node);
    const given = pairsOf(node).flatMap((pair) => ('key' in pair ? pair.value : []))[pairs.indexOf('params')];
    const numbers = pairs.filter((key) => key !== 'params' && key !== 'name');
    const isRead = numbers.length === 0 || read.groups.has(node.from);
    if (!given || !isRead || !numbers.every((key) => GROUP_NUMBERS.includes(key))) return false;
    return behind(touched, given).every((inner) => inner.from !== node.from && areParameters(asked, inner));
  }
  if (node.name !== 'CallExpression') {
    const isUnbound = node.name === 'VariableName' && touched.definitions.isOfLibrary(node);
    return isUnbound || (touched.held(node) !== 0 && NAMED.test(node.name));
  }
  const name = lastName(touched.program.text, node.firstChild);
  const isMethod = /^(?:(?:named_|trainable_)?parameters|values|items)$/.test(name);
  return isMethod && touched.held(node.firstChild?.firstChild) !== 0;
}

/** Arguments of a trainer by which it is given an optimizer or callbacks. */
const HANDED = /^(?:optimizers|optimizer_cls_and_kwargs|callbacks|model_init|compute_\w+|reward_funcs|\w+_collator)$/;
/** Packages whose callbacks log, save or evaluate. */
const PLAIN_CALLBACKS =
  /^(?:transformers|trl|unsloth|wandb|weave|swanlab|mlflow|comet_ml|clearml|neptune|aim|ray|dvclive|codecarbon)\./;
function doubtsOfTrainer({ touched, read }: Asked, call: Expression): Doubt[] {
  const { positional, keywords, spreads } = touched.given(call);
  const isAdding = lastName(touched.program.text, call.firstChild) === 'add_callback';
  const more = isAdding ? undefined : positional.slice(6).find((value) => value.name !== 'None');
  if (more) return doubtIf(true, more, l10n.t('This argument of the trainer has no name. Give it its name.'));
  const hidden = spreads.find(({ value }) => {
    const node = touched.program.evaluate(value);
    return node.kind === 'map' && node.entries.some(({ key }) => HANDED.test(key));
  });
  if (hidden) return doubtIf(true, hidden.value, l10n.t('It may give the trainer an optimizer or callbacks.'));
  const callbacks = isAdding ? positional : keywords.flatMap((one) => (one.name === 'callbacks' ? one.value : []));
  const unknown = behind(touched, ...callbacks).find((item) => !isPlainCallback(touched, item));
  const isNew = l10n.t('This callback is not defined in this file, and is given the model and the optimizer.');
  if (unknown) return doubtIf(true, unknown, isNew, 0);
  const [args] = keywords.filter(({ name }) => name === 'args');
  const given = isAdding ? [] : args ? [args.value] : positional.slice(1);
  const isRead = given.some((one) => read.calls.has(one.from) || touched.held(one) || (args && one.name === 'None'));
  if (read.hasTraining && given[0] && !isRead)
    return doubtIf(true, given[0], l10n.t('These may be other training arguments than those that are read.'));
  const adapted = l10n.t('TRL 1.16 stops at a ref_model that is the model itself, or has its adapter.');
  const source = (name: string): string => touched.source(keywords.find((one) => one.name === name)?.value);
  const isAdapted = /^(?:None)?$/.test(source('peft_config'));
  const isCopied = (node: Expression): boolean =>
    /^(?:deepcopy|copy|create_reference_model)$/.test(lastName(touched.program.text, node.firstChild));
  return keywords.flatMap(({ name: key, nameNode, value }) => {
    const isRef = source('model') === touched.source(value) || (isAdapted && behind(touched, value).some(isCopied));
    if (key === 'ref_model' && isRef) return doubtIf(true, value, adapted, 0);
    const isOther = /^optimizer/.test(key) && !(key === 'optimizers' && isReadPair(touched, read, value));
    const remade = l10n.t('train() makes a new model with model_init, so dividing the init before has no effect.');
    const why = l10n.t('The trainer is given an optimizer or a schedule that is not read.');
    const isRead = isAdding || /^(?:\w*model|args|peft_config|opt\w+|callbacks|processing_class|tokenizer)$/.test(key);
    if (!isRead && behind(touched, value).some((one) => givesPart(touched, one)))
      return doubtIf(true, value, l10n.t`${key} gets something that a plan changes.`, 0);
    return isOther
      ? doubtIf(true, { from: nameNode.from, to: value.to }, why)
      : doubtIf(key === 'model_init' && value.name !== 'None', value, remade, 0);
  });
}

/** Whether a trainer may get a part of the run by what it is given: by a function, or by the methods of an object. */
function givesPart(touched: Touched, value: Expression): boolean {
  const made = value.name === 'CallExpression' ? value.firstChild : null;
  const own = touched.definitions.of(made ?? value).flatMap((one) => (one.kind === 'class' ? one.children : one));
  const all = own.flatMap((scope) => (scope.name === '__init__' ? [] : (touched.names.results.get(scope) ?? 0)));
  return (made || own.length > 0 ? all : [touched.held(value)]).some((held) => (held & PART) !== 0);
}

function isPlainCallback({ definitions, program }: Touched, item: Expression): boolean {
  if (item.name === 'None') return true;
  const made = item.name === 'CallExpression' && item.firstChild ? item.firstChild : item;
  const own = definitions.of(made);
  if (own.length === 0) return definitions.isOfLibrary(made) && PLAIN_CALLBACKS.test(program.path(made));
  return own.every((scope) => {
    const bases = definitions.basesOf(scope);
    return scope.kind === 'class' && (classRow(bases) !== null || bases.every((base) => PLAIN_BASES.test(base)));
  });
}

/** Whether a pair of an optimizer and a schedule is one whose calls are read. */
function isReadPair(touched: Touched, read: ReadCalls, pair: Expression): boolean {
  const items = itemsOf(pair);
  const isRead = ({ name, from }: Expression): boolean =>
    name === 'None' || (name === 'CallExpression' && read.calls.has(from));
  const isGiven = (item: Expression): boolean => item.name === 'VariableName' || item.name === 'None';
  return items !== null && items.length <= 2 && items.every(isGiven) && behind(touched, ...items).every(isRead);
}

/** The largest number of names, choices and functions that an expression is followed through. */
const MOST = 200;

/**
 * The expressions that a value may be made of: behind names, choices and sums, in lists and what is appended to them. A
 * name that has no value in the text stands for itself.
 */
function behind(touched: Touched, ...starts: readonly Expression[]): Expression[] {
  const { program, definitions } = touched;
  const found: Expression[] = [];
  const seen = new Set<number>();
  const open = [...starts];
  for (let node = open.pop(); node && found.length < MOST; node = open.pop()) {
    if (seen.has(placeId(node))) continue;
    seen.add(placeId(node));
    const { name } = node;
    const called = name === 'CallExpression' ? touched.called(node) : null;
    if (itemsOf(node) ?? /^(?:Binary|Parenthesized|(?:Array)?Comprehension)Expression$/.test(name))
      open.push(...elementsOf(node));
    else if (name === 'ConditionalExpression') open.push(...elementsOf(node).filter((_, i) => i !== 1));
    else if (called && CONTAINERS.test(called.name) && called.own.length === 0) {
      const { positional, stars } = touched.given(node);
      open.push(...positional.slice(called.name === 'filter' ? 1 : 0), ...stars);
    } else if (name === 'VariableName' && definitions.of(node).length === 0) {
      const bindings = bindingsOfName(program.text, program.outline, node);
      const values = bindings.flatMap(({ value }) => value ?? []);
      const adding = ['append', 'extend', 'insert'].flatMap((verb) => program.outline.callsByName.get(verb) ?? []);
      const own = adding.filter((call) => touched.source(call.firstChild?.firstChild) === touched.source(node));
      open.push(...values, ...own.flatMap((call) => touched.given(call).positional.slice(-1)));
      if (values.length === 0 || bindings.some(({ kind }) => kind !== 'assigned')) found.push(node);
    } else found.push(node);
  }
  return found;
}

const CONTAINERS = /^(?:list|tuple|iter|chain|set|filter)$/;
