import { argumentsOf } from '../../../syntax/python/names';
import { lastName, scopeAt } from '../../../syntax/python/outline';
import type { Program } from '../../../syntax/python/program';
import type { Expression, Scope } from '../../../syntax/python/scope';
import type { Flow } from './objects/flow';
import type { Use } from './judge';

/** Of some uses, those that can reach what is trained, with the options that leave them out. */
export function reachOf(flow: Flow): (uses: readonly Use[]) => Use[] {
  const { program } = flow;
  const isBehindTraining = trainingEnds(flow);
  const isInLoadHook = loadHooks(program);
  return (uses) =>
    uses.flatMap((use) => {
      const { start } = use.range;
      if (isBehindTraining(start) || isInLoadHook(start)) return [];
      const options = program.leftOutBy(start);
      if (options === null) return [use];
      return options.length === 0 ? [] : [{ ...use, leftOutBy: options }];
    });
}

/** Finds places in hooks that accelerate runs to load a state. The call that loads the state is judged separately. */
function loadHooks({ text, outline }: Program): (offset: number) => boolean {
  const hooks = (outline.callsByName.get('register_load_state_pre_hook') ?? []).flatMap((call) =>
    argumentsOf(text, call).positional.map(({ from, to }) => text.slice(from, to)),
  );
  return (offset) =>
    hooks.length > 0 && around(outline, offset).some(({ kind, name }) => kind === 'function' && hooks.includes(name));
}

/** The scopes around a place, from the inside. */
function around(outline: Program['outline'], offset: number): Scope[] {
  const scopes: Scope[] = [];
  for (let scope: Scope | null = scopeAt(outline, offset); scope; scope = scope.parent) scopes.push(scope);
  return scopes;
}

/** Calls that train, or may. */
const ACTS: ReadonlySet<string> = new Set([
  ...['train', 'fit', 'learn', 'unsloth_train', 'backward', 'step', 'main', 'run', 'launch', 'notebook_launcher'],
  ...['training_loop', 'sweep', 'agent', 'start', 'distill'],
]);

/** Names of functions of other files that train. */
const TRAINS = /^_?(?:(?:re|run|do|start|continue)_?)?(?:train|fine_?tune|fit|tune|learn)(?:_|$|[A-Z])/;

/**
 * Calls that may train: those of such a name, and of functions of this text with such a call in them. Null if such a
 * function is handed to others, who may call it at any time.
 */
function trainingCalls({ program: { text, outline }, calledIn }: Flow): Expression[] | null {
  const training = new Set<Scope>();
  const mayTrain = (call: Expression): boolean => {
    const called = calledIn(call);
    const name = lastName(text, call.firstChild);
    return ACTS.has(name) || (called ? training.has(called) : TRAINS.test(name));
  };
  for (let before = -1; before < training.size;) {
    before = training.size;
    for (const call of outline.calls) {
      if (mayTrain(call)) for (const scope of around(outline, call.from)) training.add(scope);
    }
  }
  const functions = new Set([...training].flatMap(({ kind, name }) => (kind === 'function' ? [name] : [])));
  const isHandedOn = [...outline.tampering.handedOn].some((name) => functions.has(name) || name === 'trainer.train');
  return isHandedOn ? null : outline.calls.filter(mayTrain);
}

/**
 * Tells of a place whether it comes behind everything that trains: no call in its own function, or of a function of
 * this text, does so later.
 */
function trainingEnds(flow: Flow): (offset: number) => boolean {
  const { text, outline, tree } = flow.program;
  const lasts = new Map(trainingCalls(flow)?.map((call) => [scopeAt(outline, call.from), call]));
  return (offset) => {
    const own = scopeAt(outline, offset);
    const last = own.kind === 'class' ? undefined : lasts.get(own);
    if (!last || last.to > offset || !ACTS.has(lastName(text, last.firstChild))) return false;
    for (let node: Expression | null = tree.resolveInner(offset, 1); node; node = node.parent) {
      if (/^(?:For|While)Statement$/.test(node.name) && node.from <= last.from) return false;
    }
    return true;
  };
}
