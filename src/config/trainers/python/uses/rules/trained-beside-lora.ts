import { lastName, scopeAt } from '../../../../syntax/python/outline';
import type { Expression, Scope } from '../../../../syntax/python/scope';
import { argumentsOf, givenIn } from '../../../../syntax/python/names';
import { childrenOf } from '../../../../syntax/python/bindings';
import type { Flow } from '../objects/flow';
import { modelsAround } from './models-around';
import { isReadOptimizer } from '../objects/kinds';
import { useOf, type Use } from '../judge';
import { TRAINS_MORE } from '../doubts';
import { statementsSetting } from '../objects/statements-setting';
import { classAround } from '../objects/variables';
import { makesWeights } from '../objects/weights';

/**
 * What trains beside LoRA: modules in a class that also holds the LoRA model, and other parameters given to the same
 * optimizer. Their learning rate is LoRA's, and they have no scaling.
 */
export function besideLora(flow: Flow): Use[] {
  const { text, outline, path } = flow.program;
  const holders = classesWithLora(flow);
  const wholes = modelsAround(flow.program);
  const otherOf = othersIn(flow, wholes);
  return outline.calls.flatMap((call): Use[] => {
    const around = makesWeights(flow, call) ? classAround(scopeAt(outline, call.from)) : null;
    if (around && holders.has(around)) return [useOf(call, TRAINS_MORE)];
    const callee = call.firstChild;
    const isTrainer = flow.thingsOf(call).some(({ kind, made }) => kind === 'trainer' && made === call.from);
    const given = isTrainer ? givenIn(argumentsOf(text, call)) : [];
    const whole = given.find(({ from, to }) => wholes.has(text.slice(from, to)));
    if (whole) return [useOf(whole, TRAINS_MORE)];
    if (!callee || !isReadOptimizer(path(callee))) return [];
    const other = otherOf(call);
    return other ? [useOf(other, TRAINS_MORE)] : [];
  });
}

/** The classes of a text that keep a model with LoRA in an attribute. */
function classesWithLora(flow: Flow): ReadonlySet<Scope> {
  const { tree, text, outline } = flow.program;
  const found = new Set<Scope>();
  tree.iterate({
    enter(at) {
      if (at.name !== 'MemberExpression' || text.slice(at.from, at.from + 5) !== 'self.') return;
      const { node } = at;
      const around = classAround(scopeAt(outline, node.from));
      if (around && !found.has(around) && flow.thingsOf(node).some(({ kind }) => kind === 'model')) found.add(around);
    },
  });
  return found;
}

/** Finds what an optimizer gets parameters of beside those of a model with LoRA. */
function othersIn(flow: Flow, wholes: ReadonlySet<string>): (optimizer: Expression) => Expression | null {
  const { text } = flow.program;
  const listed = statementsSetting(flow);
  const otherIn = (parts: readonly Expression[]): Expression | null => {
    const inner = parts.flatMap((part) => itemsIn(part)).flatMap((item) => listed(item));
    const owners = [...parts, ...inner].flatMap((part) => ownersIn(flow, part));
    const other = owners.find((owner) => !flow.thingsOf(owner).some(({ kind }) => kind === 'model'));
    const source = ({ from, to }: Expression): string => text.slice(from, to);
    const sources = new Set(owners.map(source));
    const whole = owners.find((owner) => wholes.has(source(owner)));
    if (whole) return whole;
    return other && (sources.size > 1 || makesWeights(flow, other)) ? other : null;
  };
  const known = new Map<number, Expression | null>();
  return (optimizer) => {
    const { positional, keywords } = argumentsOf(text, optimizer);
    const given = keywords.find(({ name }) => name === 'params')?.value ?? positional[0];
    if (given?.name !== 'VariableName') return given ? otherIn([given]) : null;
    const parts = listed(given);
    const [first] = parts;
    if (!first) return null;
    const found = known.has(first.from) ? (known.get(first.from) ?? null) : otherIn(parts);
    known.set(first.from, found);
    return found;
  };
}

/** The variables among the items of a list: `[*a, *b]`, `a + b`, `chain(a, b)`. */
function itemsIn(expression: Expression): Expression[] {
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
