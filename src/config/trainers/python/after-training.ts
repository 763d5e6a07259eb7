import { type Expression, lastName } from '../../syntax/python/nodes';
import { isHandedOn, scopeAt, type Scope } from '../../syntax/python/outline';
import type { Touched } from './touched';

/** Calls that train, or may. */
const ACTS: ReadonlySet<string> = new Set([
  ...['train', 'fit', 'learn', 'unsloth_train', 'backward', 'step', 'main', 'run', 'launch', 'notebook_launcher'],
  ...['training_loop', 'sweep', 'agent', 'start', 'distill'],
]);
/** Names of functions of other files that train. */
const TRAINS = /^_?(?:(?:re|run|do|start|continue)_?)?(?:train|fine_?tune|fit|tune|learn)(?:_|$|[A-Z])/;

/** Tells of a place whether it comes behind everything that trains: no call in its own function trains later. */
export function afterTraining(touched: Touched): (offset: number) => boolean {
  const { text, outline, tree } = touched.program;
  const training = new Set<Scope>();
  const mayTrain = (call: Expression): boolean => {
    const { own } = touched.called(call);
    const name = lastName(text, call.firstChild);
    return ACTS.has(name) || (own.length > 0 ? own.some((scope) => training.has(scope)) : TRAINS.test(name));
  };
  for (let before = -1; before < training.size;) {
    before = training.size;
    for (const call of outline.calls) {
      if (!mayTrain(call)) continue;
      for (let scope: Scope | null = scopeAt(outline, call.from); scope; scope = scope.parent) training.add(scope);
    }
  }
  const functions = new Set([...training].flatMap(({ kind, name }) => (kind === 'function' ? [name] : [])));
  const isPassedOn = [...functions, 'train'].some((name) => isHandedOn(text, outline, name));
  const lasts = new Map(
    isPassedOn ? [] : outline.calls.filter(mayTrain).map((call) => [scopeAt(outline, call.from), call]),
  );
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
