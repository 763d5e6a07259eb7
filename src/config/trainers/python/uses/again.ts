import { argumentsOf, givenIn } from '../../../syntax/python/names';
import { scopeAt } from '../../../syntax/python/outline';
import type { Program } from '../../../syntax/python/program';
import type { Expression } from '../../../syntax/python/scope';
import type { Flow } from './flow';
import type { Use } from './judge';

/** Uses of one LoRA config for a second model. The printed code divides the factors of the first model only. */
export function secondLora(flow: Flow): Use[] {
  const { text, outline, path } = flow.program;
  const makers = outline.calls.filter(
    ({ firstChild }) => firstChild && /(?:^|\.)get_peft_model$/.test(path(firstChild)),
  );
  return makers.flatMap((call, i): Use[] => {
    const config = argumentsOf(text, call).positional[1];
    const things = config ? flow.thingsOf(config).filter(({ made, kind }) => kind === 'config' && made >= 0) : [];
    const isSecond = makers.slice(0, i).some((before) => {
      const other = argumentsOf(text, before).positional[1];
      const isSame = other && flow.thingsOf(other).some(({ made }) => things.some((thing) => thing.made === made));
      return isSame && bothRun(outline, before, call);
    });
    const why = 'It puts LoRA into a second model, whose factors have to be divided as well.';
    return isSecond ? [{ why, moves: false, range: { start: call.from, end: call.to }, things }] : [];
  });
}

/**
 * Trainers and optimizers for a model that an earlier trainer has trained, or that are made in a loop. The printed code
 * is for one training.
 */
export function trainedAgain(flow: Flow): Use[] {
  const { outline } = flow.program;
  const makers = outline.calls.filter((call) =>
    flow.thingsOf(call).some(({ kind, made }) => made === call.from && (kind === 'trainer' || kind === 'optimizer')),
  );
  const adapters = makers.map((call) => adaptersIn(flow, call));
  const isTrainer = (call: Expression): boolean => flow.thingsOf(call).some(({ kind }) => kind === 'trainer');
  return makers.flatMap((call, i): Use[] => {
    const own = adapters[i] ?? [];
    const isSecond = makers
      .slice(0, i)
      .some(
        (before, j) =>
          isTrainer(before) &&
          isTrainer(call) &&
          own.some((made) => made === before.from || adapters[j]?.includes(made)) &&
          bothRun(outline, before, call),
      );
    const isRound = isLooped(call, own) || isInRepeated(flow, call, own);
    const why = 'It trains the same adapter again, and the printed code is for one training.';
    return isSecond || isRound ? [{ why, moves: false, range: { start: call.from, end: call.to }, things: [] }] : [];
  });
}

/** Whether a call is in a function that runs more than once, for a model that was made outside of it. */
function isInRepeated({ program: { outline }, calledIn }: Flow, call: Expression, own: readonly number[]): boolean {
  const scope = scopeAt(outline, call.from);
  if (scope.kind !== 'function' || !own.some((made) => made < scope.from || made >= scope.to)) return false;
  const isMethod = scope.parent?.kind === 'class' && scope.name !== '__init__';
  const calls = isMethod
    ? (outline.callsByName.get(scope.name) ?? [])
    : outline.calls.filter((other) => calledIn(other)?.scope === scope);
  return calls.some(
    (other, i) => isLooped(other, own) || calls.slice(0, i).some((before) => bothRun(outline, before, other)),
  );
}

/** Whether a call is in a loop, for a model that was made before the loop. */
function isLooped(call: Expression, own: readonly number[]): boolean {
  const loop = loopAround(call);
  return loop !== null && own.some((made) => made < loop.from);
}

/** Offsets at which the models with LoRA (or the LoRA configs) that a call gets were made. */
function adaptersIn(flow: Flow, call: Expression): number[] {
  const things = givenIn(argumentsOf(flow.program.text, call)).flatMap((value) => flow.thingsOf(value));
  return things.flatMap(({ kind, made }) => (made >= 0 && /^(?:model|parameters)$/.test(kind) ? [made] : []));
}

/** The innermost loop around a node, in the same function. */
function loopAround(node: Expression): Expression | null {
  for (let around = node.parent; around && around.name !== 'FunctionDefinition'; around = around.parent) {
    if (/^(?:For|While)Statement$|ComprehensionExpression$/.test(around.name)) return around;
  }
  return null;
}

/** Whether two calls are in one function and may both run. */
function bothRun(outline: Program['outline'], one: Expression, other: Expression): boolean {
  return scopeAt(outline, one.from) === scopeAt(outline, other.from) && !areExclusive(one, other);
}

/** Whether two nodes are inside one `if` or `try` statement, so that only one of them may run. */
function areExclusive(one: Expression, other: Expression): boolean {
  for (let around = one.parent; around; around = around.parent) {
    if (around.name !== 'IfStatement' && around.name !== 'TryStatement') continue;
    if (around.from <= other.from && other.to <= around.to) return true;
  }
  return false;
}
