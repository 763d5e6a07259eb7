import * as l10n from '@vscode/l10n';
import type { Unread } from '../../../reading';
import { argumentsOf, type Arguments } from '../../../syntax/python/names';
import { lastName } from '../../../syntax/python/outline';
import { programOf, type Program } from '../../../syntax/python/program';
import type { Expression } from '../../../syntax/python/scope';
import type { MapNode } from '../../../syntax/tree';
import { madeAgain } from './rules/made-twice';
import { besideLora } from './rules/trained-beside-lora';
import { doubtfulChanges } from './rules/classes';
import { flowOf, type Flow } from './objects/flow';
import { groupsWithNumbers } from './rules/groups-with-numbers';
import { doubtfulUses, isSuper, type Use } from './judge';
import { givenTrainers } from './rules/given-to-trainers';
import { isOptimizer, isScheduler, type Kind } from './objects/kinds';
import { itemsOf } from './objects/assignments';
import { reachOf } from './reach';
import { choicesByNorm } from './rules/choices-by-norm';
import { HANDS_OPTIMIZER } from './doubts';
import { unreadCalls } from './rules/unread-calls';

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
 * For each run, the uses of its objects that LoRA Alpha does not understand: uses of the LoRA config, the training
 * arguments, optimizer, schedule, model and trainer. If a script has several runs, each run gets the uses of its own
 * objects and the uses that may concern any run.
 * @param module the tree of a whole Python text; nothing is found in another
 */
export function unreadIn(module: MapNode, runs: readonly ReadCalls[]): Unread[][] {
  const program = programOf(module);
  if (!program || runs.length === 0) return runs.map(() => []);
  const { flow, reaching, before, groups, after, handings } = usesOf(program);
  const read = new Set(runs.flatMap((run) => run.groups));
  const hidden = runs.some(({ optimizer }) => optimizer !== null)
    ? [...groups.others, ...groups.dicts.filter(({ range }) => !read.has(range.start))]
    : [];
  const uses = [...before, ...reaching([...otherParts(flow, runs), ...hidden]), ...after];
  const ownersOf = ownersIn(runs);
  const all = uses.map((use) => ({ owners: ownersOf(use), unread: unreadOf(use) }));
  return runs.map((run) => [
    ...all.flatMap(({ owners, unread }) => (owners.size === 0 || owners.has(run) ? unread : [])),
    // No objects are noted for these.
    ...reaching(handings.flatMap((handing) => handed(flow, handing, run))).map(unreadOf),
  ]);
}

/** What all readers of one script share. */
interface ScriptUses {
  flow: Flow;
  /** The uses that can affect training, each with the options that skip it. */
  reaching: (uses: readonly Use[]) => Use[];
  before: readonly Use[];
  /** Groups of parameters with numbers of their own. */
  groups: { dicts: readonly Use[]; others: readonly Use[] };
  after: readonly Use[];
  handings: readonly Handing[];
}

/** Cached, because several trainers read the same script one after another. */
const USES = new WeakMap<Program, ScriptUses>();

function usesOf(program: Program): ScriptUses {
  const known = USES.get(program);
  if (known) return known;
  const flow = flowOf(program);
  const reaching = reachOf(flow);
  const uses: ScriptUses = {
    ...{ flow, reaching },
    before: reaching([...doubtfulUses(flow), ...doubtfulChanges(flow), ...besideLora(flow)]),
    groups: groupsWithNumbers(flow),
    after: reaching([...madeAgain(flow), ...givenTrainers(flow), ...unreadCalls(flow), ...choicesByNorm(flow)]),
    handings: handingsIn(flow),
  };
  USES.set(program, uses);
  return uses;
}

/** Tells which runs own the objects of a use; none if an object is unknown, because the use may then concern any run. */
function ownersIn(runs: readonly ReadCalls[]): (use: Use) => ReadonlySet<ReadCalls> {
  const byCall = new Map<number, ReadCalls[]>();
  for (const run of runs) for (const made of run.all) byCall.set(made, [...(byCall.get(made) ?? []), run]);
  return ({ things }) =>
    new Set(things.some(({ made }) => made < 0) ? [] : things.flatMap(({ made }) => byCall.get(made) ?? []));
}

function unreadOf({ range, why, moves, leftOutBy: options }: Use): Unread {
  return { range, why, ...(moves ? { mayMove: true as const } : {}), ...(options ? { leftOutBy: options } : {}) };
}

/** A keyword argument that passes an optimizer to a trainer. */
type Handing = Arguments['keywords'][number];

function handingsIn(flow: Flow): Handing[] {
  const { text, outline } = flow.program;
  return outline.calls.flatMap((call) =>
    argumentsOf(text, call).keywords.filter(({ name }) => /^optimizer(?:s|_cls_and_kwargs)$/.test(name)),
  );
}

/** The optimizer that is passed to a trainer, if LoRA Alpha reads a different one. */
function handed(flow: Flow, { name, nameNode, value }: Handing, run: ReadCalls): Use[] {
  const unread: Use[] = [{ ...HANDS_OPTIMIZER, range: { start: nameNode.from, end: value.to }, things: [] }];
  const [first, second, ...more] = itemsOf(value) ?? [];
  const isRead = (item: Expression | undefined, kind: Kind, isKnown: (made: number) => boolean): boolean => {
    if (item?.name === 'None') return true;
    const things =
      item && item.name !== 'CallExpression' ? flow.thingsOf(item).filter((thing) => thing.kind === kind) : [];
    return things.length > 0 && things.every(({ made }) => made >= 0 && isKnown(made));
  };
  const isGood =
    isRead(first, 'optimizer', (made) => made === run.optimizer) && isRead(second, 'scheduler', () => true);
  return isGood && more.length === 0 && name === 'optimizers' ? [] : unread;
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
    const range = { start: call.from, end: call.to };
    if (own?.kind === 'function') return [];
    if (CLIPS.test(whole)) {
      return [{ why: l10n.t('It clips the gradient a second time.'), moves: true, range, things: [] }];
    }
    const object = callee.name === 'MemberExpression' ? callee.firstChild : null;
    if (object && (flow.thingsOf(object).length > 0 || isSuper(text, object))) return [];
    if (made.some((one) => isScheduler(one)) && !made.some((one) => COMPOSED.test(one))) {
      return [
        { why: l10n.t`It makes a schedule (${name}) that LoRA Alpha does not read.`, moves: true, range, things: [] },
      ];
    }
    if (!made.some((one) => isOptimizer(one))) return [];
    return [
      { why: l10n.t`It makes an optimizer (${name}) that LoRA Alpha does not read.`, moves: true, range, things: [] },
    ];
  });
}

const CLIPS = /(?:^|\.)clip_grad_(?:norm|value)_$/;
