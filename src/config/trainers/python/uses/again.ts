import { argumentsOf, givenIn } from '../../../syntax/python/names';
import { scopeAt } from '../../../syntax/python/outline';
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
      return isSame && scopeAt(outline, before.from) === scopeAt(outline, call.from) && !areExclusive(before, call);
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
          scopeAt(outline, before.from) === scopeAt(outline, call.from) &&
          !areExclusive(before, call),
      );
    const loop = loopAround(call);
    const isRound = loop !== null && own.some((made) => made < loop.from);
    const why = 'It trains the same adapter again, and the printed code is for one training.';
    return isSecond || isRound ? [{ why, moves: false, range: { start: call.from, end: call.to }, things: [] }] : [];
  });
}

/** Offsets at which the models with LoRA (or the LoRA configs) that a call gets were made. */
function adaptersIn(flow: Flow, call: Expression): number[] {
  const things = givenIn(argumentsOf(flow.program.text, call)).flatMap((value) => flow.thingsOf(value));
  return things.flatMap(({ kind, made }) => (made >= 0 && /^(?:model|parameters)$/.test(kind) ? [made] : []));
}

/** The innermost loop around a node, in the same function. */
function loopAround(node: Expression): Expression | null {
  for (let around = node.parent; around && around.name !== 'FunctionDefinition'; around = around.parent) {
    if (/^(?:For|While)Statement$/.test(around.name)) return around;
  }
  return null;
}

/** Whether two nodes are inside one `if` or `try` statement, so that only one of them may run. */
function areExclusive(one: Expression, other: Expression): boolean {
  for (let around = one.parent; around; around = around.parent) {
    if (around.name !== 'IfStatement' && around.name !== 'TryStatement') continue;
    if (around.from <= other.from && other.to <= around.to) return true;
  }
  return false;
}
