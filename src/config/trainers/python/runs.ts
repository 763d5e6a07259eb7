import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { tooMany } from '../../syntax/bounds';
import { rangeOf } from '../../syntax/python/nodes';
import { defaultIn } from '../../syntax/python/options';
import { isPartSet } from '../../syntax/python/unseen';
import { callIn, nodeAt, programOf, type Entry, type MapNode, type SyntaxNode } from '../../syntax/tree';
import { withArguments } from '../hugging-face/fields';
import type { Run } from '../trainer';
import { definitionsIn } from './definitions';
import { notUnderstoodIn } from './not-understood';
import { CHOSEN, isReadOptimizer } from './optimizers';
import { onlyGroup, withGroups } from './parameter-groups';
import { holdsRate, makesSchedule, scheduleEntries } from './schedules';
import { bareNode, calleeIs, isModule, part, TAKES_CONFIG, TRAINING } from './tree';

/** A call in a script, and where the innermost function around it begins; -1 for the module. */
interface ScriptCall {
  map: MapNode;
  at: number;
  within: number;
  /** Of a trainer: the library's class, which a class of this text may be derived from. */
  base?: string;
  unread?: readonly Unread[];
}

/** What loads a language model, as the docs of PEFT and Unsloth have it. */
const LOADS_MODEL = /(?:^|\.)(?:AutoModelFor(?:CausalLM|Seq2SeqLM)|FastLanguageModel|FastModel)\.from_pretrained$/;
const LORAPLUS = /create_loraplus_optimizer$/;

/** Hyperparameters that `**kwargs` may bring in. */
const OPEN = {
  lora: 'r lora_alpha lora_dropout use_rslora use_dora init_lora_weights target_modules',
  training: `learning_rate weight_decay max_grad_norm adam_epsilon adam_beta1 adam_beta2 optim lr_scheduler_type
    warmup_steps warmup_ratio`,
  optimizer: 'lr weight_decay eps betas loraplus_lr_ratio loraplus_weight_decay',
};

/**
 * The runs of a training script: every call that makes LoRA, with what belongs to it. The training arguments stand in
 * the tree itself, and its tag is theirs. Under them:
 * - `lora`: the call that makes LoRA
 * - `optimizer`: an optimizer that the script makes
 * - `trainer`: the library's class of the trainer
 * - `clip`, `clip_value`: the calls that clip gradients
 * - `train`: a call that resumes from a checkpoint: `trainer.train(…)`, `accelerator.load_state(…)`
 * - `base`: the call that loads the model, if there is only one
 *
 * A schedule that the script makes replaces the schedule of the training arguments. `unread` lists what else the script
 * does with these objects. A tree that is no script is returned as one run.
 * @param makesLora tells the calls that make LoRA
 */
export function scriptRuns(root: MapNode, makesLora: (call: MapNode) => boolean): readonly Run[] {
  if (!isModule(root)) return [{ root }];
  const calls = callsIn(root);
  const named = (pattern: RegExp): ScriptCall[] => calls.filter(({ map }) => calleeIs(map, pattern));
  const [trainings, models] = [named(TRAINING), named(LOADS_MODEL)];
  const parsed = trainings.length === 0 ? parsedArguments(root) : null;
  const [clips, clipValues] = [named(/(?:^|\.)clip_grad_norm_$/), named(/(?:^|\.)clip_grad_value_$/)];
  const optimizers = calls.filter(({ map }) => !callIn(map)?.isOwn && isReadOptimizer(callIn(map)?.callee ?? ''));
  const schedules = calls.filter(({ map }) => makesSchedule(map));
  const withRates = schedules.filter(({ map }) => holdsRate(map));
  const resumed = named(/(?:^|\.)(?:train|load_state)$/).filter(({ map }) =>
    map.entries.some(({ key }) => key === 'resume_from_checkpoint' || key === '0'),
  );
  const quantised = calls.find(({ map }) => map.entries.some(mayQuantise));
  const takers = takersIn(calls);
  const trainers = trainersIn(root, calls);
  // A model or a Trainer is given what the call makes, there or by way of a variable.
  const isUsed = ({ map, within }: ScriptCall): boolean =>
    takers.has(rangeId(map)) || [...trainings, ...optimizers].some((other) => other.within === within);
  // A call without arguments counts only if it is passed on or stands beside a training; then every default applies.
  const makers = calls.filter((call) => makesLora(call.map) && (call.map.entries.length > 0 || isUsed(call)));
  // A program with too many runs is refused, so following their models would be wasted work.
  if (tooMany('runs', makers.length) !== null)
    return makers.map(({ map }) => ({ root: { kind: 'map', range: map.range, entries: [part('lora', map)] } }));
  const [isOptimizerHanded, isScheduleHanded] = [isHandedOn(calls, 0), isHandedOn(calls, 1)];
  const all = makers.map((maker) => {
    const later = trainers.filter(({ map, within }) => within !== maker.within || map.range.end > maker.at);
    const trainer = nearest(maker, later);
    const called = (trainer && argumentsOf(trainer, trainings)) ?? nearest(maker, trainings);
    const training = trainer && parsed && !called ? { ...trainer, ...parsed } : called;
    const near = nearest(maker, optimizers);
    const isHanded = (near && calleeIs(near.map, LORAPLUS)) || isOptimizerHanded;
    const optimizer = (training ?? trainer) === null || isHanded ? near : null;
    const isScheduled = optimizer !== null || (training ?? trainer) === null || isScheduleHanded;
    const schedule = isScheduled ? nearest(maker, withRates.length === 1 ? withRates : schedules) : null;
    // A Trainer clips by its own threshold, and no number of a call beside it is read.
    const [clip, clipValue] = [clips, clipValues].map((some) => {
      const call = trainer ? null : optimizer && nearest(maker, some);
      return call && isUsedUp(call, optimizer) ? null : call;
    });
    return { maker, trainer, training, optimizer, schedule, clip, clipValue };
  });
  const inRuns = all.flatMap((run) => Object.values<ScriptCall | null | undefined>(run));
  const plain = schedules.filter((schedule) => !withRates.includes(schedule));
  const fields = parsed?.map.entries.map(({ keyRange }) => keyRange.start) ?? [];
  const read = {
    makers: makers.length,
    calls: new Set([...inRuns, ...plain].flatMap((call) => call?.map.range.start ?? []).concat(fields)),
    hasTraining: all.some(({ training }) => training && !training.unread),
    groups: new Set(all.flatMap(({ optimizer }) => onlyGroup(optimizer?.map ?? null)?.range.start ?? [])),
  };
  const program = all.length > 0 ? programOf(root) : null;
  const unread = program && notUnderstoodIn(program, read);
  return all.map(({ maker, trainer, training, optimizer, schedule, clip, clipValue }): Run => {
    const goesOn = nearest(maker, resumed);
    const asTheyAre = { clip, clip_value: clipValue, quantised, base: models.length === 1 ? models[0] : null };
    const entries = [
      ...(training ? opened(training.map, OPEN.training).entries : []),
      ...(schedule ? scheduleEntries(schedule.map) : []),
      part('lora', opened(maker.map, OPEN.lora)),
      ...(takers.get(rangeId(maker.map)) ?? []).slice(0, 2).map((taker, i) => part(i ? 'taker2' : 'taker', taker)),
      ...(trainer?.base ? [part('trainer', bareNode(trainer.base, trainer.map.range))] : []),
      ...(optimizer ? [part('optimizer', withClass(root, withGroups(opened(optimizer.map, OPEN.optimizer))))] : []),
      ...(goesOn ? [part('train', withResume(goesOn.map))] : []),
      ...Object.entries(asTheyAre).flatMap(([name, call]) => (call ? [part(name, call.map)] : [])),
    ];
    const tag = training?.map.tag;
    const tree: MapNode = { kind: 'map', range: maker.map.range, entries, ...(tag && { tag }) };
    // The variable that the call's result goes to
    const variable = root.entries.find(({ value, home }) => value === maker.map && home !== 'python-argument');
    const name = makers.length > 1 ? variable?.key : undefined;
    const unseen = { range: trainer?.map.range ?? maker.map.range, why: UNSEEN, mayMove: true };
    const away = training && trainers.length === 0 ? [{ range: training.map.range, why: NO_TRAINER }] : [];
    const ofTraining = trainer && optimizer && !training ? [unseen] : (training?.unread ?? away);
    const own = [...(unread?.(maker.at) ?? []), ...ofTraining];
    return { root: withArguments(tree), ...(name !== undefined && { name }), ...(own.length > 0 && { unread: own }) };
  });
}

function callsIn(root: MapNode): ScriptCall[] {
  const functions = root.entries.filter(({ value }) => value.kind === 'map' && value.tag?.kind === 'function');
  return root.entries.flatMap(({ value, home, keyRange: { start: at } }): ScriptCall[] => {
    if (home !== 'python-argument' || value.kind !== 'map') return [];
    const around = functions.findLast(({ keyRange }) => keyRange.start <= at && at < keyRange.end);
    return [{ map: value, at, within: around?.keyRange.start ?? -1 }];
  });
}

/** The call that belongs to `to`: in the same function, else the next one behind it, else the only one there is. */
function nearest(to: ScriptCall, calls: readonly ScriptCall[]): ScriptCall | null {
  const isBehind = ({ at }: ScriptCall): boolean => at > to.at;
  const same = calls.filter(({ within }) => within === to.within);
  const own = same.find(isBehind) ?? same.at(-1) ?? calls.find(isBehind);
  return own ?? (calls.length === 1 ? (calls[0] ?? null) : null);
}

/** Whether a call gets an iterator that another call has used up (diffusers, train_text_to_image_lora.py). */
function isUsedUp(call: ScriptCall, by: ScriptCall | null): boolean {
  const [one, other] = [call, by].map((each) => each && nodeAt(each.map, ['0']));
  if (one?.kind !== 'scalar' || other?.kind !== 'scalar' || one.raw === one.unresolved) return false;
  return one.unresolved === other.unresolved && /^(?:filter|map)\(/.test(one.unresolved ?? '');
}

/** Not the Trainer of Lightning or Composer, which has no training arguments and makes no optimizer. */
const A_TRAINER = /^(?!(?:pytorch_)?lightning\.|composer\.)(?:.*\.)?(?!Patch)\w*Trainer(?:V2)?$/;

function trainersIn(root: MapNode, calls: readonly ScriptCall[]): ScriptCall[] {
  const program = programOf(root);
  const definitions = program && definitionsIn(program);
  const callees = new Map(program?.outline.calls.map(({ from, firstChild }) => [from, firstChild]));
  return calls.flatMap((call) => {
    const { callee, isOwn } = callIn(call.map) ?? { callee: '' };
    const own = isOwn && callees.get(call.map.range.start);
    const classes = own ? (definitions?.of(own).flatMap(definitions.basesOf) ?? []) : [callee];
    const base = classes.find((path) => A_TRAINER.test(path));
    return base === undefined ? [] : [{ ...call, base }];
  });
}

/**
 * The training arguments that a trainer is given. A library's class that is given none makes its own, as `Trainer()` makes
 * `TrainingArguments()`. Null if it is not known what it is given.
 */
function argumentsOf({ map, base = '', ...place }: ScriptCall, trainings: readonly ScriptCall[]): ScriptCall | null {
  const given = trainings.find((one) => map.entries.some(({ value }) => rangeId(value) === rangeId(one.map)));
  const mayBe = ({ key, value, isSpread }: Entry): boolean =>
    value.kind === 'scalar'
      ? isSpread === true || value.raw === '...' || (/^(?:args|[1-9])$/.test(key) && value.unresolved !== undefined)
      : /^(?:args|[1-9])$/.test(key);
  if (given || callIn(map)?.isOwn || map.entries.some(mayBe)) return given ?? null;
  const own = base.replace(/Trainer$/, 'Config');
  const callee = TRAINING.test(own) ? own : 'TrainingArguments';
  const unread: Unread = { range: map.range, why: NO_ARGUMENTS, mayMove: true };
  return { ...place, map: { ...map, entries: [], tag: { kind: 'call', callee } }, unread: [unread] };
}

/**
 * The training arguments that a command line fills: `HfArgumentParser(TrainingArguments)`, with a dataclass of this
 * text. They are its fields with a known default. Null if there is no such class, or several.
 * @see https://github.com/huggingface/transformers (src/transformers/hf_argparser.py, v5.24.0)
 */
function parsedArguments(root: MapNode): Pick<ScriptCall, 'map' | 'unread'> | null {
  const program = programOf(root);
  if (!program || !/\bparse_args_(?:into_dataclasses|and_config)\(/.test(program.text)) return null;
  const { text, outline } = program;
  const { basesOf } = definitionsIn(program);
  const [one, more] = outline.module.children.flatMap((scope) => {
    const callee = basesOf(scope).find((base) => TRAINING.test(base));
    return callee !== undefined && scope.definition ? [{ ...scope, callee, at: scope.definition }] : [];
  });
  if (!one || more || !/@\s*(?:\w+\.)?dataclass\b/.test(text.slice(one.at.parent?.from, one.at.from))) return null;
  const entries = [...one.bindings].flatMap(([key, [field]]): Entry[] => {
    // `rate: float = 1e-4`; without a type it is no field.
    const isSet = isPartSet(text, outline, key) || one.children.some(({ bindings }) => bindings.has(`self.${key}`));
    const isField = field && !isSet && /^\s*:/.test(text.slice(field.nameRange.end, field.to));
    const given = isField && field.value && defaultIn(text, field.value);
    const value = given ? program.evaluate(given) : null;
    const isKnown = value?.kind === 'scalar' && value.unresolved === undefined && value.value !== null;
    return isKnown && field ? [{ key, keyRange: field.nameRange, value }] : [];
  });
  const range = rangeOf(one.at.getChild('VariableName') ?? one);
  const why = l10n.t('The command line may give it other arguments, such as fp16, DeepSpeed or a schedule.');
  const tag = { kind: 'call', callee: one.callee, isParsed: true } as const;
  return { map: { kind: 'map', range, entries, tag }, unread: [{ range, why }] };
}

const UNSEEN = l10n.t('The training arguments of this trainer, and their max grad norm, are not in this text.');
const NO_TRAINER = l10n.t('The trainer that gets these arguments is not in this file.');
const NO_ARGUMENTS = l10n.t('This trainer is given no training arguments, so it trains with its own defaults.');

/** The calls that are given what another call makes, by where that call stands: they may name the adapter. */
function takersIn(calls: readonly ScriptCall[]): ReadonlyMap<string, MapNode[]> {
  const takers = new Map<string, MapNode[]>();
  for (const { map } of calls) {
    const takesAny = calleeIs(map, TAKES_CONFIG);
    for (const { key, value } of map.entries) {
      if (value.kind !== 'map' || !(takesAny || key === 'peft_config')) continue;
      takers.set(rangeId(value), [...(takers.get(rangeId(value)) ?? []), map]);
    }
  }
  return takers;
}

const rangeId = ({ range: { start, end } }: SyntaxNode): string => `${start}-${end}`;

/**
 * Whether a Trainer gets an optimizer or a schedule from the script: `optimizers=(optimizer, schedule)`.
 * @param place 0 for the optimizer, 1 for the schedule
 */
function isHandedOn(calls: readonly ScriptCall[], place: 0 | 1): boolean {
  return calls.some(({ map }) => {
    const given = nodeAt(map, ['optimizers']);
    const item = given?.kind === 'list' ? given.items[place] : given;
    return item && (item.kind !== 'scalar' || item.unresolved !== undefined);
  });
}

/** `load_in_4bit=True`, there or in a dict, or a model stored in 4 bits: `from_pretrained("unsloth/mistral-7b-bnb-4bit")`. */
function mayQuantise({ key, value }: Entry): boolean {
  if (value.kind === 'map') return value.entries.some(mayQuantise);
  if (value.kind !== 'scalar') return false;
  if (/^load_in_[48]bit$/.test(key)) return value.value === true || value.unresolved !== undefined;
  return /^(?:0|pretrained_model_name_or_path|model)$/.test(key) && /bnb-[48]bit/i.test(String(value.value));
}

/** `trainer.train(True)`: the argument under its name. */
function withResume(map: MapNode): MapNode {
  const entries = map.entries.map((entry) => (entry.key === '0' ? { ...entry, key: 'resume_from_checkpoint' } : entry));
  return { ...map, entries };
}

/** Adds an entry with an unknown value for each of `names`, if the call has a `**kwargs` that may set them. */
export function opened(map: MapNode, names: string): MapNode {
  const spread = map.entries.find(({ isSpread }) => isSpread);
  if (!spread) return map;
  const { keyRange, value, home } = spread;
  const open = names.split(/\s+/).map((key): Entry => ({ key, keyRange, value, home }));
  return { ...map, entries: [...open, ...map.entries] };
}

/**
 * Adds the class of an optimizer under `class`: the class that is called, or that is passed to a function that makes an
 * optimizer.
 */
function withClass(root: MapNode, map: MapNode): MapNode {
  const isMaker = calleeIs(map, LORAPLUS);
  const given = map.entries.find(({ key }) => key === 'optimizer_cls' || (isMaker && key === '1'))?.value;
  const handed = given?.kind === 'scalar' ? given.unresolved : undefined;
  const called = calleeIs(map, CHOSEN) ? classBehind(root, map) : callIn(map)?.callee;
  const path = isMaker ? handed : called;
  if (path === undefined) return map;
  return { ...map, entries: [...map.entries, part('class', bareNode(path, given?.range ?? map.range))] };
}

/** The class that a variable holds, as its library calls it; undefined where that is open. */
function classBehind(root: MapNode, { range }: MapNode): string | undefined {
  const program = programOf(root);
  const callee = program?.outline.calls.find(({ from, to }) => from === range.start && to === range.end)?.firstChild;
  const node = callee && program?.evaluate(callee);
  const path = node?.kind === 'scalar' ? (node.unresolved ?? '') : '';
  return isReadOptimizer(path) && !CHOSEN.test(path) ? path : undefined;
}
