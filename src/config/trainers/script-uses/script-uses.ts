import type { Range, Unread } from '../../reading';
import { argumentsOf } from '../../syntax/python/names';
import { lastName } from '../../syntax/python/outline';
import type { Expression } from '../../syntax/python/scope';
import { programOf } from '../../syntax/python/program';
import type { MapNode } from '../../syntax/tree';
import { secondLora, trainedAgain } from './again';
import { doubtfulChanges, isBehindTraining, isDead } from './classes';
import { flowOf, type Flow } from './flow';
import { doubtfulUses, type Use } from './judge';
import { isOptimizer, isScheduler } from './kinds';
import { HANDS_OPTIMIZER } from './tables';

/** What of a run is read elsewhere: where the calls begin whose arguments are its numbers. */
export interface ReadCalls {
  optimizer: number | null;
  /** All of them: those of the LoRA config, the training arguments, the optimizer, the schedule, the clips. */
  all: readonly number[];
  /** Schedules without a learning rate of their own. */
  harmless: readonly number[];
}

/**
 * What a script does with the objects that decide its runs and that nobody here understood, for each run: with the LoRA
 * config, the training arguments, optimizer, schedule, model and trainer. Of several runs, each has what is done to its
 * own objects, and what may be done to any.
 * @param module the tree of a whole Python text; nothing is found in another
 */
export function unreadIn(module: MapNode, runs: readonly ReadCalls[]): Unread[][] {
  const program = programOf(module);
  if (!program) return runs.map(() => []);
  const flow = flowOf(program);
  const counts = ({ range }: Use): boolean => !isDead(flow, range.start) && !isBehindTraining(flow, range.start);
  const uses = [
    ...doubtfulUses(flow),
    ...doubtfulChanges(flow),
    ...otherParts(flow, runs),
    ...secondLora(flow),
    ...trainedAgain(flow),
    ...stepsByNorm(flow),
  ].filter(counts);
  return runs.map((run) => [...uses, ...handed(flow, run)].filter((use) => concerns(use, run, runs)).map(unreadOf));
}

function concerns({ things }: Use, run: ReadCalls, runs: readonly ReadCalls[]): boolean {
  const owners = runs.filter(({ all }) => things.some(({ made }) => all.includes(made)));
  return owners.length === 0 || owners.includes(run);
}

function unreadOf({ range, why, moves }: Use): Unread {
  return { range, why, ...(moves ? { mayMove: true as const } : {}) };
}

/** What a trainer is given as its optimizer, where that is not the one that is read. */
function handed(flow: Flow, run: ReadCalls): Use[] {
  const { text, outline } = flow.program;
  return outline.calls.flatMap((call): Use[] => {
    const { keywords } = argumentsOf(text, call);
    return keywords.flatMap(({ name, nameNode, value }): Use[] => {
      const range: Range = { start: nameNode.from, end: value.to };
      if (name === 'optimizer_cls_and_kwargs') return [{ ...HANDS_OPTIMIZER, range, things: [] }];
      if (name !== 'optimizers' || isDead(flow, call.from)) return [];
      const isRead = /^\(\s*[\w.]+\s*,\s*[\w.]+\s*\)$/.test(text.slice(value.from, value.to));
      const things = flow.thingsOf(value);
      const items = text
        .slice(value.from, value.to)
        .replace(/[()\s]/g, '')
        .split(',');
      const optimizers = things.filter(({ kind }) => kind === 'optimizer');
      const schedulers = things.filter(({ kind }) => kind === 'scheduler');
      const isOwn = optimizers.length > 0 && optimizers.every(({ made }) => made === run.optimizer && made >= 0);
      const isScheduled = schedulers.length > 0 && schedulers.every(({ made }) => made >= 0);
      const good = (items[0] === 'None' || isOwn) && (items[1] === 'None' || isScheduled);
      return isRead && good ? [] : [{ ...HANDS_OPTIMIZER, range, things: [] }];
    });
  });
}

/** A step that is only taken where the gradient has some size. */
function stepsByNorm(flow: Flow): Use[] {
  const { text, outline } = flow.program;
  return (outline.callsByName.get('step') ?? []).flatMap((call): Use[] => {
    const object = call.firstChild?.firstChild;
    if (!object || !flow.thingsOf(object).some(({ kind }) => kind === 'optimizer')) return [];
    for (let around = call.parent; around; around = around.parent) {
      const test = around.name === 'IfStatement' ? around.firstChild?.nextSibling : null;
      if (
        test &&
        /norm|\.grad\b/i.test(text.slice(test.from, test.to)) &&
        !/is(?:nan|inf|finite)/.test(text.slice(test.from, test.to))
      ) {
        return [
          {
            why: 'It steps by the size of the gradient.',
            moves: true,
            range: { start: test.from, end: test.to },
            things: [],
          },
        ];
      }
      if (around.name === 'FunctionDefinition') return [];
    }
    return [];
  });
}

/** Schedulers that are made of others, which are judged where they are made. */
const COMPOSED = /(?:^|\.)(?:SequentialLR|ChainedScheduler)$/;

/** Optimizers, schedules and clips that the script makes and that no run is read from. */
function otherParts(flow: Flow, runs: readonly ReadCalls[]): Use[] {
  const { text, outline, path } = flow.program;
  const read = new Set(runs.flatMap(({ all, harmless }) => [...all, ...harmless]));
  const clips = outline.calls.filter(
    ({ from, firstChild }) => read.has(from) && firstChild && CLIPS.test(path(firstChild)),
  );
  return outline.calls.flatMap((call): Use[] => {
    const callee = call.firstChild;
    if (!callee || read.has(call.from)) return [];
    const whole = path(callee);
    const own = flow.calledIn(call);
    const base = own?.scope.kind === 'class' ? flow.basesOf(own.scope) : [];
    const made = [whole, ...base];
    const name = lastName(text, callee);
    const range = { start: call.from, end: call.to };
    if (own?.scope.kind === 'function') return [];
    if (CLIPS.test(whole)) {
      const isSame = clips.some((clip) => argumentText(text, clip) === argumentText(text, call));
      return isSame ? [] : [{ why: 'It clips the gradient a second time.', moves: true, range, things: [] }];
    }
    const object = callee.name === 'MemberExpression' ? callee.firstChild : null;
    if (object && (flow.thingsOf(object).length > 0 || /^super\b/.test(text.slice(object.from, object.to)))) return [];
    if (made.some((one) => isScheduler(one)) && !made.some((one) => COMPOSED.test(one))) {
      return [{ why: `It makes a schedule (${name}) that is not read.`, moves: true, range, things: [] }];
    }
    if (!made.some((one) => isOptimizer(one))) return [];
    return [{ why: `It makes an optimizer (${name}) that is not read.`, moves: true, range, things: [] }];
  });
}

const CLIPS = /(?:^|\.)clip_grad_(?:norm|value)_$/;

/** The callee and the bound of a call that clips; whose parameters they are may be written in many ways. */
function argumentText(text: string, call: Expression): string {
  const { positional, keywords } = argumentsOf(text, call);
  const bound = positional[1] ?? keywords.find(({ name }) => /^(?:max_norm|clip_value)$/.test(name))?.value;
  return `${lastName(text, call.firstChild)} ${bound ? text.slice(bound.from, bound.to) : ''}`;
}
