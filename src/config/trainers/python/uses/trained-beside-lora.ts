import { childrenOf } from '../../../syntax/python/bindings';
import { argumentsOf, givenIn } from '../../../syntax/python/names';
import { classAround, lastName, scopeAt } from '../../../syntax/python/outline';
import type { Expression } from '../../../syntax/python/scope';
import type { Flow } from './flow';
import { isReadOptimizer } from './kinds';
import { useOf, type Use } from './judge';
import { TRAINS_MORE } from './doubts';
import { makesWeights } from './weights';

/**
 * What trains beside LoRA: modules of a class, where a class holds a model in an attribute, and other parameters given to
 * the same optimizer. Their learning rate is LoRA's, and they have no scaling.
 */
export function besideLora(flow: Flow): Use[] {
  const { outline, path } = flow.program;
  const otherOf = othersIn(flow);
  return outline.calls.flatMap((call): Use[] => {
    const isInClass = flow.holdsModel && makesWeights(flow, call) && classAround(scopeAt(outline, call.from)) !== null;
    if (isInClass) return [useOf(call, TRAINS_MORE)];
    const callee = call.firstChild;
    const other = callee && isReadOptimizer(path(callee)) ? otherOf(call) : null;
    return other ? [useOf(other, TRAINS_MORE)] : [];
  });
}

/** Finds what an optimizer gets parameters of beside those of a model. */
function othersIn(flow: Flow): (optimizer: Expression) => Expression | null {
  const { text } = flow.program;
  const source = ({ from, to }: Expression): string => text.slice(from, to);
  const added = addedIn(flow);
  const known = new Map<string, Expression | null>();
  return (optimizer) => {
    const { positional, keywords } = argumentsOf(text, optimizer);
    const given = keywords.find(({ name }) => name === 'params')?.value ?? positional[0];
    if (!given) return null;
    const before = known.get(source(given));
    if (before !== undefined) return before;
    const owners = partsOf(flow, given, added).flatMap((part) => ownersIn(flow, part));
    const other = owners.find((owner) => !flow.kindsOf(owner).includes('model')) ?? null;
    const isOne = new Set(owners.map(source)).size === 1;
    const found = other && isOne && !makesWeights(flow, other) ? null : other;
    known.set(source(given), found);
    return found;
  };
}

/** An expression, and all that the text puts into the variables among its items: by `=`, `+=`, `extend` and `append`. */
function partsOf(
  { program: { text }, bindingsOf }: Flow,
  given: Expression,
  added: ReadonlyMap<string, readonly Expression[]>,
): readonly Expression[] {
  const parts = [given];
  const seen = new Set<string>();
  for (const part of parts) {
    for (const { from, to } of variablesIn(part)) {
      const name = text.slice(from, to);
      if (seen.has(name)) continue;
      seen.add(name);
      parts.push(...bindingsOf(name).flatMap((binding) => binding.value ?? binding.part?.whole ?? []));
      parts.push(...(added.get(name) ?? []));
    }
  }
  return parts;
}

/** What `extend` and `append` put into each variable. */
function addedIn({ program: { text, outline } }: Flow): ReadonlyMap<string, readonly Expression[]> {
  const added = new Map<string, Expression[]>();
  for (const call of ['extend', 'append'].flatMap((method) => outline.callsByName.get(method) ?? [])) {
    const object = call.firstChild?.firstChild;
    const name = object ? text.slice(object.from, object.to) : '';
    added
      .set(name, added.get(name) ?? [])
      .get(name)
      ?.push(...givenIn(argumentsOf(text, call)));
  }
  return added;
}

/** The variables among the items of a list: `[*a, *b]`, `a + b`, `chain(a, b)`. */
function variablesIn(expression: Expression): Expression[] {
  const found: Expression[] = [];
  const open = [expression];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.name === 'VariableName') found.push(node);
    else if (/^(?:ArrayExpression|BinaryExpression|TupleExpression|ParenthesizedExpression|ArgList)$/.test(node.name))
      open.push(...childrenOf(node));
    else if (node.name === 'CallExpression') open.push(...node.getChildren('ArgList'));
  }
  return found;
}

/** The objects whose `parameters()` stand in an expression. */
function ownersIn({ program: { text } }: Flow, expression: Expression): Expression[] {
  const found: Expression[] = [];
  const open = [expression];
  for (let node = open.pop(); node; node = open.pop()) {
    const callee = node.name === 'CallExpression' ? node.firstChild : null;
    const owner = callee?.name === 'MemberExpression' ? callee.firstChild : null;
    if (callee && owner && /^(?:named_)?parameters$/.test(lastName(text, callee))) found.push(owner);
    else open.push(...childrenOf(node));
  }
  return found;
}
