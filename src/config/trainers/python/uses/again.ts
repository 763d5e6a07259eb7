import * as l10n from '@vscode/l10n';
import { argumentsOf, givenIn } from '../../../syntax/python/names';
import { scopeAt } from '../../../syntax/python/outline';
import type { Expression } from '../../../syntax/python/scope';
import type { Flow } from './flow';
import type { Use } from './judge';
import type { Kind } from './kinds';

/** What a script makes more than once. The printed code divides one model, for one training. */
export function madeAgain(flow: Flow): Use[] {
  const { text, outline, path } = flow.program;
  const of = (...kinds: Kind[]): Expression[] =>
    outline.calls.filter((call) =>
      flow.thingsOf(call).some(({ kind, made }) => made === call.from && kinds.includes(kind)),
    );
  const models = outline.calls.filter(
    ({ firstChild }) => firstChild && /(?:^|\.)get_peft_model$/.test(path(firstChild)),
  );
  const configsOf = (call: Expression): readonly number[] =>
    givenIn(argumentsOf(text, call)).flatMap((value) =>
      flow.thingsOf(value).flatMap(({ kind, made }) => (kind === 'config' ? [made] : [])),
    );
  const share = (one: Expression, other: Expression): boolean =>
    configsOf(one).some((made) => configsOf(other).includes(made));
  return [
    ...seconds(flow, models, share).map((call) =>
      useOf(call, l10n.t('It puts LoRA into a second model, whose factors have to be divided as well.')),
    ),
    ...[...seconds(flow, of('trainer')), ...of('trainer', 'optimizer').filter((call) => isRepeated(flow, call))].map(
      (call) => useOf(call, l10n.t('It trains more than once, and the printed code is for one training.')),
    ),
  ];
}

function useOf({ from, to }: Expression, why: string): Use {
  return { why, moves: false, range: { start: from, end: to }, things: [] };
}

/** The calls that follow another of them in one function, unless only one of the two may run. */
function seconds(
  { program: { outline } }: Flow,
  calls: readonly Expression[],
  areAlike: (one: Expression, other: Expression) => boolean = () => true,
): Expression[] {
  const isBefore = (one: Expression, other: Expression): boolean =>
    scopeAt(outline, one.from) === scopeAt(outline, other.from) && !areExclusive(one, other) && areAlike(one, other);
  return calls.filter((call, i) => calls.slice(0, i).some((other) => isBefore(other, call)));
}

/** Whether a call is in a loop, or in a function that is called in a loop or more than once. */
function isRepeated(flow: Flow, call: Expression): boolean {
  const { outline } = flow.program;
  const scope = scopeAt(outline, call.from);
  const calls =
    scope.parent?.kind === 'class' && scope.name !== '__init__'
      ? (outline.callsByName.get(scope.name) ?? [])
      : outline.calls.filter((other) => flow.calledIn(other) === scope);
  const isFunction = scope.kind === 'function';
  return isLooped(call) || (isFunction && (calls.some(isLooped) || seconds(flow, calls).length > 0));
}

function isLooped(node: Expression): boolean {
  for (let around = node.parent; around && around.name !== 'FunctionDefinition'; around = around.parent) {
    if (/^(?:For|While)Statement$|ComprehensionExpression$/.test(around.name)) return true;
  }
  return false;
}

/** Whether two nodes are inside one `if` or `try` statement, so that only one of them may run. */
function areExclusive(one: Expression, other: Expression): boolean {
  for (let around = one.parent; around; around = around.parent) {
    if (around.name !== 'IfStatement' && around.name !== 'TryStatement') continue;
    if (around.from <= other.from && other.to <= around.to) return true;
  }
  return false;
}
