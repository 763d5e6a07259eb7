import * as l10n from '@vscode/l10n';
import { argumentsOf, givenIn } from '../../../../syntax/python/names';
import { scopeAt } from '../../../../syntax/python/outline';
import type { Expression, Scope } from '../../../../syntax/python/scope';
import type { Flow } from '../objects/flow';
import { doubt } from '../doubts';
import { useOf, type Use } from '../judge';
import type { Kind } from '../objects/kinds';

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
  return [
    ...seconds(flow, models, configsOf).map((call) =>
      useOf(call, doubt(l10n.t('It puts LoRA into a second model, whose factors have to be divided as well.'))),
    ),
    ...[...seconds(flow, of('trainer')), ...of('trainer', 'optimizer').filter(repetitionIn(flow))].map((call) =>
      useOf(call, doubt(l10n.t('It trains more than once, and the printed code is for one training.'))),
    ),
  ];
}

/**
 * The calls that follow another of them in one function, unless only one of the two may run.
 * @param sharing what a call and the call before it must have in common, one of these
 */
function seconds(
  { program: { outline } }: Flow,
  calls: readonly Expression[],
  sharing: (call: Expression) => readonly number[] = () => [0],
): Expression[] {
  // The calls that came before, by function and by what they share.
  const before = new Map<Scope, Map<number, BranchCalls>>();
  return calls.filter((call) => {
    const scope = scopeAt(outline, call.from);
    const branches = branchesAround(call);
    const blocks = before.get(scope) ?? new Map<number, BranchCalls>();
    before.set(scope, blocks);
    const follows = sharing(call).map((shared) => {
      const block = blocks.get(shared) ?? newCalls();
      blocks.set(shared, block);
      return addCall(block, branches);
    });
    return follows.includes(true);
  });
}

/** The calls of a block: its own, and those in each branch of its `if` and `try` statements. */
interface BranchCalls {
  hasCall: boolean;
  statements: Map<number, Map<number, BranchCalls>>;
}

const newCalls = (): BranchCalls => ({ hasCall: false, statements: new Map() });

/** Adds a call to a block. Returns whether the block already had a call that may run before this one. */
function addCall(block: BranchCalls, [branch, ...inner]: readonly Branch[]): boolean {
  const { statements } = block;
  if (!branch) {
    const follows = block.hasCall || statements.size > 0;
    block.hasCall = true;
    return follows;
  }
  const bodies = statements.get(branch.statement) ?? new Map<number, BranchCalls>();
  const follows = block.hasCall || statements.size > Number(statements.has(branch.statement));
  statements.set(branch.statement, bodies);
  const body = bodies.get(branch.body) ?? newCalls();
  bodies.set(branch.body, body);
  return addCall(body, inner) || follows;
}

/** Tells whether a call is in a loop, or in a function that is called in a loop or more than once. */
function repetitionIn(flow: Flow): (call: Expression) => boolean {
  const { outline } = flow.program;
  const known = new Map<Scope, boolean>();
  const byCalled = new Map<Scope, Expression[]>();
  for (const call of outline.calls) {
    const called = flow.calledIn(call);
    const calls = called && byCalled.get(called);
    if (calls) calls.push(call);
    else if (called) byCalled.set(called, [call]);
  }
  const isCalledAgain = (scope: Scope): boolean => {
    const calls =
      scope.parent?.kind === 'class' && scope.name !== '__init__'
        ? (outline.callsByName.get(scope.name) ?? [])
        : (byCalled.get(scope) ?? []);
    return scope.kind === 'function' && (calls.some(isLooped) || seconds(flow, calls).length > 0);
  };
  return (call) => {
    const scope = scopeAt(outline, call.from);
    const isAgain = known.get(scope) ?? isCalledAgain(scope);
    known.set(scope, isAgain);
    return isAgain || isLooped(call);
  };
}

function isLooped(node: Expression): boolean {
  for (let around = node.parent; around && around.name !== 'FunctionDefinition'; around = around.parent) {
    if (/^(?:For|While)Statement$|ComprehensionExpression$/.test(around.name)) return true;
  }
  return false;
}

/** A branch of an `if` or `try` statement: where the statement and the branch begin. */
interface Branch {
  statement: number;
  body: number;
}

/** The branches around a call, from the outside in. */
function branchesAround(call: Expression): readonly Branch[] {
  const branches: Branch[] = [];
  for (let at = call; at.parent; at = at.parent) {
    const { name, from } = at.parent;
    if (name === 'IfStatement' || name === 'TryStatement') branches.unshift({ statement: from, body: at.from });
  }
  return branches;
}
