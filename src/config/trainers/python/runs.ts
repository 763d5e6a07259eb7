import { withArguments } from '../hugging-face/fields';
import { groupsIn, withGroups } from './parameter-groups';
import { otherClasses, withClass } from './optimizer-class';
import { holdsRate, makesSchedule, scheduleEntries } from './schedules';
import { isReadOptimizer, TRAINING } from './library-names';
import { notUnderstoodIn } from './not-understood';
import { calleeIs, isModule, part } from './tree';
import type { Unread } from '../../reading';
import { callIn, nodeAt, programOf, scalarAt, type Entry, type MapNode } from '../../syntax/tree';
import { tooMany } from '../../syntax/bounds';
import type { Run } from '../trainer';

/** A call in a script, and the innermost function around it. */
interface ScriptCall {
  entry: Entry;
  map: MapNode;
  /** Where that function begins; -1 for the module. */
  within: number;
}

/** The parts of a training script, by what is called. */
const MARK = /(?:^|\.)mark_only_lora_as_trainable$/;
const TAKES_CONFIG = /(?:^|\.)(?:get_peft_model|add_adapter|inject_adapter_in_model)$/;
const CLIP = /(?:^|\.)clip_grad_norm_$/;
const CLIP_VALUE = /(?:^|\.)clip_grad_value_$/;
/** What loads a language model, as the docs of PEFT and Unsloth have it. */
const LOADS_MODEL = /(?:^|\.)(?:AutoModelFor(?:CausalLM|Seq2SeqLM)|FastLanguageModel|FastModel)\.from_pretrained$/;
const TRAINS = /(?:^|\.)train$/;

/** Hyperparameters that `**kwargs` may bring in. */
const OPEN = {
  lora: ['r', 'lora_alpha', 'lora_dropout', 'use_rslora', 'use_dora', 'init_lora_weights', 'target_modules'],
  training: [
    ...['learning_rate', 'weight_decay', 'max_grad_norm', 'adam_epsilon', 'adam_beta1', 'adam_beta2', 'optim'],
    ...['lr_scheduler_type', 'warmup_steps', 'warmup_ratio'],
  ],
  optimizer: ['lr', 'weight_decay', 'eps', 'betas', 'loraplus_lr_ratio', 'loraplus_weight_decay'],
} as const;

/**
 * The runs of a training script: every call that makes LoRA, with what belongs to it. The training arguments stand in
 * the tree itself, and its tag is theirs. Under them:
 * - `lora`: the call that makes LoRA
 * - `optimizer`: an optimizer that the script makes
 * - `clip`, `clip_value`: the calls that clip gradients
 * - `train`: a call that resumes from a checkpoint
 * - `base`: the call that loads the model, if there is only one
 *
 * A schedule that the script makes replaces the schedule of the training arguments. `unread` lists what else the script
 * does with these objects. A tree that is no script is returned as one run.
 * @param makesLora tells the calls that make LoRA
 */
export function scriptRuns(root: MapNode, makesLora: (call: MapNode) => boolean): readonly Run[] {
  if (!isModule(root)) return [{ root }];
  const found = foundIn(root);
  const { calls, trainings, optimizers, schedules, takers } = found;
  // A model or a Trainer is given what the call makes, there or by way of a variable.
  const isUsed = (call: ScriptCall): boolean =>
    takers.has(rangeId(call.map)) || hasBeside(call, [...trainings, ...optimizers]);
  // A call without arguments counts only if it is passed on or stands beside a training; then every default applies.
  const makers = calls.filter((call) => makesLora(call.map) && (call.map.entries.length > 0 || isUsed(call)));
  const all = makers.map((maker) => belongingTo(root, maker, found));
  const harmless = schedules.filter(({ map }) => !holdsRate(map)).map(({ map }) => map.range.start);
  // A program with too many runs is refused, so following their models would be wasted work.
  const many = tooMany('runs', makers.length);
  const program = programOf(root);
  const read = {
    calls: new Set([
      ...all.flatMap(({ maker, training, optimizer, schedule, clip, clipValue }) =>
        // A Trainer clips by its own threshold, and no number of a call beside it is read.
        [maker, training, optimizer, schedule, ...(optimizer ? [clip, clipValue] : [])].flatMap(
          (call) => call?.map.range.start ?? [],
        ),
      ),
      ...harmless,
    ]),
    groups: new Set(all.flatMap(({ optimizer }) => groupsIn(optimizer?.map ?? null).map(({ range }) => range.start))),
  };
  const unread =
    many !== null
      ? makers.map(({ map }): Unread => ({ range: map.range, why: many, mayMove: true }))
      : program && all.length > 0
        ? notUnderstoodIn(program, read)
        : [];
  return all.map((belonging): Run => {
    const { maker, optimizer } = belonging;
    const name = makers.length > 1 ? nameOf(root, maker.map) : undefined;
    const own = [...unread, ...(optimizer ? otherClasses(root, optimizer.map) : [])];
    return {
      root: withArguments(treeOf(root, belonging, found)),
      ...(name === undefined ? {} : { name }),
      ...(own.length > 0 ? { unread: own } : {}),
    };
  });
}

/** The calls of a script that may belong to a run, by what they do. */
interface Found {
  calls: readonly ScriptCall[];
  trainings: readonly ScriptCall[];
  optimizers: readonly ScriptCall[];
  schedules: readonly ScriptCall[];
  clips: readonly ScriptCall[];
  clipValues: readonly ScriptCall[];
  /** Calls that train from a checkpoint. */
  resumed: readonly ScriptCall[];
  marks: readonly ScriptCall[];
  quantised: readonly ScriptCall[];
  /** Calls that load a model. */
  models: readonly ScriptCall[];
  /** See {@link takersIn}. */
  takers: ReadonlyMap<string, MapNode>;
  /** Whether a Trainer gets an optimizer, and a schedule, from the script. */
  isHandedOn: readonly [optimizer: boolean, schedule: boolean];
}

function foundIn(root: MapNode): Found {
  const calls = callsIn(root);
  const named = (pattern: RegExp): ScriptCall[] => calls.filter(({ map }) => calleeIs(map, pattern));
  const isOptimizer = ({ map }: ScriptCall): boolean =>
    !callIn(map)?.isOwn && isReadOptimizer(callIn(map)?.callee ?? '');
  const isQuantised = ({ map }: ScriptCall): boolean =>
    ['load_in_4bit', 'load_in_8bit'].some((name) => scalarAt(map, [name]) === true);
  return {
    ...{
      calls,
      models: named(LOADS_MODEL),
      trainings: named(TRAINING),
      clips: named(CLIP),
      clipValues: named(CLIP_VALUE),
      marks: named(MARK),
    },
    optimizers: calls.filter(isOptimizer),
    schedules: calls.filter(({ map }) => makesSchedule(map)),
    resumed: named(TRAINS).filter(({ map }) => nodeAt(map, ['resume_from_checkpoint']) ?? nodeAt(map, ['0'])),
    quantised: calls.filter(isQuantised),
    takers: takersIn(calls),
    isHandedOn: [isHandedOn(calls, 0), isHandedOn(calls, 1)],
  };
}

/** What belongs to a call that makes LoRA. */
interface Belonging {
  maker: ScriptCall;
  training: ScriptCall | null;
  optimizer: ScriptCall | null;
  schedule: ScriptCall | null;
  clip: ScriptCall | null;
  clipValue: ScriptCall | null;
}

function belongingTo(root: MapNode, maker: ScriptCall, found: Found): Belonging {
  const { schedules } = found;
  const [isOptimizerHanded, isScheduleHanded] = found.isHandedOn;
  const training = nearest(maker, found.trainings);
  const optimizer = nearest(maker, found.optimizers);
  const isHanded = calleeIs(optimizer?.map ?? root, /create_loraplus_optimizer$/) || isOptimizerHanded;
  const isOwn = optimizer !== null && (training === null || isHanded);
  const ratesFirst = schedules.filter(({ map }) => holdsRate(map));
  const isScheduled = isOwn || training === null || isScheduleHanded;
  return {
    ...{ maker, training },
    optimizer: isOwn ? optimizer : null,
    schedule: isScheduled ? nearest(maker, ratesFirst.length === 1 ? ratesFirst : schedules) : null,
    clip: nearest(maker, found.clips),
    clipValue: nearest(maker, found.clipValues),
  };
}

function treeOf(root: MapNode, belonging: Belonging, { takers, resumed, marks, quantised, models }: Found): MapNode {
  const { maker, training, optimizer, schedule, clip, clipValue } = belonging;
  const taker = takers.get(rangeId(maker.map));
  const goesOn = nearest(maker, resumed);
  const parts: Entry[] = [
    part('lora', opened(maker.map, OPEN.lora)),
    ...(taker ? [part('taker', taker)] : []),
    ...(optimizer ? [part('optimizer', withClass(root, withGroups(opened(optimizer.map, OPEN.optimizer))))] : []),
    ...(clip ? [part('clip', clip.map)] : []),
    ...(clipValue ? [part('clip_value', clipValue.map)] : []),
    ...(goesOn ? [part('train', withResume(goesOn.map))] : []),
    ...marks.slice(-1).map(({ map }) => part('marked', map)),
    ...quantised.slice(0, 1).map(({ map }) => part('quantised', map)),
    ...(models.length === 1 ? models.map(({ map }) => part('base', map)) : []),
  ];
  const written = training ? opened(training.map, OPEN.training).entries : [];
  const tag = training?.map.tag;
  const entries = [...written, ...(schedule ? scheduleEntries(schedule.map) : []), ...parts];
  return { kind: 'map', range: maker.map.range, entries, ...(tag && { tag }) };
}

function callsIn(root: MapNode): ScriptCall[] {
  const functions = root.entries.filter(({ value }) => value.kind === 'map' && value.tag?.kind === 'function');
  return root.entries.flatMap((entry): ScriptCall[] => {
    if (entry.home !== 'python-argument' || entry.value.kind !== 'map') return [];
    const at = entry.keyRange.start;
    const around = functions.findLast(({ keyRange }) => keyRange.start <= at && at < keyRange.end);
    return [{ entry, map: entry.value, within: around?.keyRange.start ?? -1 }];
  });
}

/** The call that belongs to `to`: in the same function, else the next one behind it, else the only one there is. */
function nearest(to: ScriptCall, calls: readonly ScriptCall[]): ScriptCall | null {
  const isBehind = ({ entry }: ScriptCall): boolean => entry.keyRange.start > to.entry.keyRange.start;
  const same = calls.filter(({ within }) => within === to.within);
  const own = same.find(isBehind) ?? same.at(-1);
  return own ?? calls.find(isBehind) ?? (calls.length === 1 ? (calls[0] ?? null) : null);
}

/** The calls that are given what another call makes, by where that call stands: they may name the adapter. */
function takersIn(calls: readonly ScriptCall[]): ReadonlyMap<string, MapNode> {
  const takers = new Map<string, MapNode>();
  for (const { map } of calls) {
    const takesAny = calleeIs(map, TAKES_CONFIG);
    for (const { key, value } of map.entries) {
      if (value.kind !== 'map' || !(takesAny || key === 'peft_config')) continue;
      if (!takers.has(rangeId(value))) takers.set(rangeId(value), map);
    }
  }
  return takers;
}

const rangeId = ({ range: { start, end } }: MapNode): string => `${start}-${end}`;

/** Whether one of `others` stands in the same function. */
function hasBeside({ within }: ScriptCall, others: readonly ScriptCall[]): boolean {
  return others.some((other) => other.within === within);
}

/**
 * Whether a Trainer gets an optimizer or a schedule from the script: `optimizers=(optimizer, schedule)`.
 * @param place 0 for the optimizer, 1 for the schedule
 */
function isHandedOn(calls: readonly ScriptCall[], place: 0 | 1): boolean {
  return calls.some(({ map }) => {
    const given = nodeAt(map, ['optimizers']);
    const item = given?.kind === 'list' ? given.items[place] : given;
    return item !== null && item !== undefined && (item.kind !== 'scalar' || item.unresolved !== undefined);
  });
}

/** `trainer.train(True)`: the argument under its name. */
function withResume(map: MapNode): MapNode {
  const entries = map.entries.map((entry) => (entry.key === '0' ? { ...entry, key: 'resume_from_checkpoint' } : entry));
  return { ...map, entries };
}

/** The variable that a call's result goes to. */
function nameOf(root: MapNode, call: MapNode): string | undefined {
  return root.entries.find(({ value, home }) => value === call && home !== 'python-argument')?.key;
}

/** Adds an entry with an unknown value for each of `names`, if the call has a `**kwargs` that may set them. */
export function opened(map: MapNode, names: readonly string[]): MapNode {
  const spread = map.entries.find(({ isSpread }) => isSpread);
  if (!spread) return map;
  const { keyRange, value, home } = spread;
  const brought = names.map((key): Entry => ({ key, keyRange, value, home }));
  return { ...map, entries: [...brought, ...map.entries] };
}
