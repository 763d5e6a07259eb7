import * as l10n from '@vscode/l10n';
import { childrenOf, type Expression, innermost, lastName } from '../../syntax/python/nodes';
import { isHandedOn, scopeAt, type Scope } from '../../syntax/python/outline';
import { HEAD } from '../../init-code/placed';
import { doubtIf, type Doubt, type ReadCalls } from './given';
import { words } from './harmless';
import type { Touched } from './touched';

/** Calls that train, or may. */
const ACTS = words(`train fit learn unsloth_train backward step main run launch notebook_launcher training_loop sweep
  agent start distill`);
/** Names of functions of other files that train. */
const TRAINS = /^_?(?:(?:re|run|do|start|continue)_?)?(?:train|fine_?tune|fit|tune|learn)(?:_|$|[A-Z])/;

/** The calls that may train, and the scopes around them. */
function trainingIn(touched: Touched): { calls: Expression[]; training: ReadonlySet<Scope> } {
  const { text, outline } = touched.program;
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
  return { calls: outline.calls.filter(mayTrain), training };
}

/** Tells of a place whether it comes behind everything that trains: no call in its own function trains later. */
export function afterTraining(touched: Touched): (offset: number) => boolean {
  const { text, outline, tree } = touched.program;
  const { calls, training } = trainingIn(touched);
  const functions = new Set([...training].flatMap(({ kind, name }) => (kind === 'function' ? [name] : [])));
  const isPassedOn = [...functions, 'train'].some((name) => isHandedOn(text, outline, name));
  const lasts = new Map(isPassedOn ? [] : calls.map((call) => [scopeAt(outline, call.from), call]));
  return (offset) => {
    const own = scopeAt(outline, offset);
    const last = own.kind === 'class' ? undefined : lasts.get(own);
    if (!last || last.to > offset || !ACTS.has(lastName(text, last.firstChild))) return false;
    const isAround = ({ name, from }: Expression): boolean =>
      /^(?:For|While)Statement$/.test(name) && from <= last.from;
    return innermost(tree.resolveInner(offset, 1), isAround) === null;
  };
}

/** What a script makes more than once: the printed code divides one model, for one training. */
export function madeAgain(touched: Touched): Doubt[] {
  const { outline } = touched.program;
  const follows = (call: Expression, i: number, calls: readonly Expression[]): boolean =>
    calls.slice(0, i).some(({ from }) => scopeAt(outline, from) === scopeAt(outline, call.from));
  /** Whether a call stands in a loop, or in a function that is called in a loop or several times. */
  const isRepeated = (call: Expression): boolean => {
    const scope = scopeAt(outline, call.from);
    const calls = (outline.callsByName.get(scope.name) ?? []).filter((one) => touched.called(one).own.includes(scope));
    const isAgain = scope.kind === 'function' && calls.some((one, i) => isLooped(one) || follows(one, i, calls));
    return isAgain || isLooped(call);
  };
  const isTrainer = (call: Expression): boolean => {
    const { row, own, name } = touched.called(call);
    const bases = own.flatMap((scope) => (scope.kind === 'class' ? touched.definitions.basesOf(scope) : []));
    return (row?.takes === 'trainer' && name !== 'add_callback') || bases.some((base) => /Trainer$/.test(base));
  };
  const models = (outline.callsByName.get('get_peft_model') ?? []).filter((call) => touched.called(call).row !== null);
  const trainers = outline.calls.filter(isTrainer);
  const again = [
    ...trainers.filter((call, i) => isRepeated(call) || follows(call, i, trainers)),
    ...outline.calls.filter((call) => touched.called(call).row?.takes === 'parameters' && isRepeated(call)),
  ];
  const second = l10n.t('It puts LoRA into a second model, whose factors have to be divided as well.');
  const more = l10n.t('It trains more than once, and the printed code is for one training.');
  return [
    ...models.filter(follows).flatMap((at) => doubtIf(true, at, second, 0)),
    ...again.flatMap((at) => doubtIf(true, at, more, 0)),
  ];
}

/** Our own code, unless it divides the init once: in the block of the call that makes LoRA, and before the training. */
export function misplacedCode(touched: Touched, { makers, calls }: ReadCalls): Doubt[] {
  const { text, outline, tree } = touched.program;
  const head = HEAD.exec(text);
  if (!head) return [];
  const at = { from: head.index, to: head.index + head[0].length };
  const first = /^[ \t]*(?=[^\s#])/m.exec(text.slice(at.to));
  let node = tree.resolveInner(at.to + (first ? first.index + first[0].length : 0), 1);
  while (node.parent && node.from > at.from) node = node.parent;
  const before = childrenOf(node).filter(({ to }) => to <= at.from);
  const isInside = (call: Expression): boolean => before.some(({ from, to }) => from <= call.from && call.to <= to);
  const makes = (call: Expression): boolean => calls.has(call.from) || /Trainer$/.test(lastName(text, call.firstChild));
  const isMade = outline.calls.some((call) => makes(call) && isInside(call));
  const isOver = trainingIn(touched).calls.some(isInside);
  const isLeft = before.some(({ name }) => /^(?:Return|Raise)Statement$/.test(name));
  const why = l10n.t('This code of LoRA Alpha belongs in the block that makes LoRA, after that and before training.');
  return doubtIf(makers !== 1 || !isMade || isOver || isLeft, at, why, 0, true);
}

function isLooped({ parent }: Expression): boolean {
  const loops = /^(?:(?:For|While)Statement|\w*ComprehensionExpression|FunctionDefinition)$/;
  return !/^(?:FunctionDefinition)?$/.test(innermost(parent, ({ name }) => loops.test(name))?.name ?? '');
}
