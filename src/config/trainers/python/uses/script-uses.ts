import * as l10n from '@vscode/l10n';
import type { Unread } from '../../../reading';
import { itemsOf } from '../../../syntax/python/bindings';
import { argumentsOf, meaningOf, type Arguments } from '../../../syntax/python/names';
import { lastName } from '../../../syntax/python/outline';
import { programOf, type Program } from '../../../syntax/python/program';
import type { Expression } from '../../../syntax/python/scope';
import type { MapNode } from '../../../syntax/tree';
import { madeAgain } from './made-twice';
import { besideLora } from './trained-beside-lora';
import { doubtfulChanges } from './classes';
import { flowOf, type Flow } from './flow';
import { hiddenGroups } from './hidden-groups';
import { doubtfulUses, isSuper, useOf, type Use } from './judge';
import { givenTrainers } from './given-to-trainers';
import { isOptimizer, isScheduler } from './kinds';
import { stepsByNorm } from './steps-by-norm';
import { doubt, HANDS_OPTIMIZER } from './doubts';
import { unreadCalls } from './unread-calls';

/** The calls whose arguments are the numbers of a run, as offsets where the calls begin. Other modules read them. */
export interface ReadCalls {
  optimizer: number | null;
  /** The groups of parameters that it is given. */
  groups: readonly number[];
  /** All of them: those of the LoRA config, the training arguments, the optimizer, the schedule, the clips. */
  all: readonly number[];
  /** Schedules without a learning rate of their own. */
  harmless: readonly number[];
}

/**
 * For each run, the uses of the script's objects that LoRA Alpha does not understand: uses of the LoRA config, the
 * training arguments, optimizer, schedule, model and trainer. All runs of a script share them.
 * @param module the tree of a whole Python text; nothing is found in another
 */
export function unreadIn(module: MapNode, runs: readonly ReadCalls[]): Unread[][] {
  const program = programOf(module);
  if (!program || runs.length === 0) return runs.map(() => []);
  const { flow, uses, handings } = usesOf(program);
  const groups = new Set(runs.flatMap((run) => run.groups));
  const hidden = runs.some(({ optimizer }) => optimizer !== null) ? hiddenGroups(flow, groups) : [];
  const all = [...uses, ...otherParts(flow, runs), ...hidden].map(unreadOf);
  return runs.map((run) => [...all, ...handings.flatMap((handing) => handed(flow, handing, run)).map(unreadOf)]);
}

/** What all readers of one script share. */
interface ScriptUses {
  flow: Flow;
  uses: readonly Use[];
  handings: readonly Handing[];
}

/** Cached, because several trainers read the same script one after another. */
const USES = new WeakMap<Program, ScriptUses>();

function usesOf(program: Program): ScriptUses {
  const known = USES.get(program);
  if (known) return known;
  const flow = flowOf(program);
  const uses = [doubtfulUses, doubtfulChanges, besideLora, madeAgain, givenTrainers, unreadCalls, stepsByNorm];
  const found: ScriptUses = { flow, uses: uses.flatMap((find) => find(flow)), handings: handingsIn(flow) };
  USES.set(program, found);
  return found;
}

function unreadOf({ range, why, moves }: Use): Unread {
  return { range, why, ...(moves ? { mayMove: true as const } : {}) };
}

/** A keyword argument that passes an optimizer to a trainer. */
type Handing = Arguments['keywords'][number];

function handingsIn(flow: Flow): Handing[] {
  const { text, outline } = flow.program;
  return outline.calls.flatMap((call) =>
    argumentsOf(text, call).keywords.filter(({ name }) => /^optimizer(?:s|_cls_and_kwargs)$/.test(name)),
  );
}

/** The optimizer that is passed to a trainer, unless it is a variable with the optimizer that LoRA Alpha reads. */
function handed({ program }: Flow, { name, nameNode, value }: Handing, run: ReadCalls): Use[] {
  const [first, second, ...more] = itemsOf(value) ?? [];
  const isMade = (item: Expression | undefined, isRead: (call: Expression) => boolean): boolean => {
    if (item?.name !== 'VariableName') return item?.name === 'None';
    const meaning = meaningOf(program.outline, program.text.slice(item.from, item.to), item.from);
    const made = meaning.kind === 'bound' ? meaning.binding.value : null;
    return made !== null && isRead(made);
  };
  const isRead =
    name === 'optimizers' &&
    more.length === 0 &&
    isMade(first, ({ from }) => from === run.optimizer) &&
    isMade(second, ({ firstChild }) => firstChild !== null && isScheduler(program.path(firstChild)));
  return isRead ? [] : [{ ...HANDS_OPTIMIZER, range: { start: nameNode.from, end: value.to } }];
}

/** Schedulers that are made of others, which are judged where they are made. */
const COMPOSED = /(?:^|\.)(?:SequentialLR|ChainedScheduler)$/;

/** Optimizers, schedules and clips that the script makes and that no run is read from. */
function otherParts(flow: Flow, runs: readonly ReadCalls[]): Use[] {
  const { text, outline, path } = flow.program;
  const read = new Set(runs.flatMap(({ all, harmless }) => [...all, ...harmless]));
  return outline.calls.flatMap((call): Use[] => {
    const callee = call.firstChild;
    if (!callee || read.has(call.from)) return [];
    const whole = path(callee);
    const own = flow.calledIn(call);
    const base = own?.kind === 'class' ? flow.basesOf(own) : [];
    const made = [whole, ...base];
    const name = lastName(text, callee);
    if (own?.kind === 'function') return [];
    if (CLIPS.test(whole)) return [useOf(call, CLIPS_AGAIN)];
    const object = callee.name === 'MemberExpression' ? callee.firstChild : null;
    if (object && (flow.kindsOf(object).length > 0 || isSuper(text, object))) return [];
    if (made.some((one) => isScheduler(one)) && !made.some((one) => COMPOSED.test(one))) {
      return [useOf(call, doubt(l10n.t`It makes a schedule (${name}) that LoRA Alpha does not read.`, true))];
    }
    if (!made.some((one) => isOptimizer(one))) return [];
    return [useOf(call, doubt(l10n.t`It makes an optimizer (${name}) that LoRA Alpha does not read.`, true))];
  });
}

const CLIPS = /(?:^|\.)clip_grad_(?:norm|value)_$/;
const CLIPS_AGAIN = doubt(l10n.t('It clips the gradient a second time.'), true);
