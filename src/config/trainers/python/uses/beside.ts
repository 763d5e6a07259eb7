import { lastName, scopeAt } from '../../../syntax/python/outline';
import type { Expression, Scope } from '../../../syntax/python/scope';
import { argumentsOf } from '../../../syntax/python/names';
import { childrenOf } from '../../../syntax/python/bindings';
import type { Flow } from './flow';
import { isReadOptimizer } from './kinds';
import type { Doubt } from './tables';
import { classAround } from './variables';

/** Something of a text that trains beside the LoRA factors. */
export interface Beside extends Doubt {
  range: { start: number; end: number };
  things: readonly [];
}

/** torch's modules that have weights. */
const WITH_WEIGHTS =
  /(?:^|\.)nn\.(?:Linear|Bilinear|Conv\w+|Embedding\w*|\w+Norm\d*d?|Parameter|LSTM\w*|GRU\w*|RNN\w*|Transformer\w*|MultiheadAttention|Sequential|ModuleList|ModuleDict)$/;

/** Whether an expression makes weights of its own: `nn.Linear(768, 2)`. */
export function makesWeights({ program: { path } }: Flow, node: Expression | null): boolean {
  const callee = node?.name === 'CallExpression' ? node.firstChild : null;
  return callee ? WITH_WEIGHTS.test(path(callee)) : false;
}

/**
 * Modules of a class that also holds the model with LoRA, and parameters of something else in the list that an optimizer is
 * given. They train with the same numbers and have no scaling.
 */
export function besideLora(flow: Flow, doubt: Doubt): Beside[] {
  const { outline, path } = flow.program;
  const holders = classesWithLora(flow);
  const otherOf = othersIn(flow);
  return outline.calls.flatMap((call): Beside[] => {
    const around = makesWeights(flow, call) ? classAround(scopeAt(outline, call.from)) : null;
    if (around && holders.has(around)) return [{ ...doubt, range: { start: call.from, end: call.to }, things: [] }];
    const callee = call.firstChild;
    if (!callee || !isReadOptimizer(path(callee))) return [];
    const other = otherOf(call);
    return other ? [{ ...doubt, range: { start: other.from, end: other.to }, things: [] }] : [];
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
function othersIn(flow: Flow): (optimizer: Expression) => Expression | null {
  const { text } = flow.program;
  const listed = listsOf(flow);
  const otherIn = (parts: readonly Expression[]): Expression | null => {
    const owners = parts.flatMap((part) => ownersIn(flow, part));
    const other = owners.find((owner) => !flow.thingsOf(owner).some(({ kind }) => kind === 'model'));
    const sources = new Set(owners.map(({ from, to }) => text.slice(from, to)));
    return other && (sources.size > 1 || makesWeights(flow, other)) ? other : null;
  };
  const known = new Map<string, Expression | null>();
  return (optimizer) => {
    const { positional, keywords } = argumentsOf(text, optimizer);
    const given = keywords.find(({ name }) => name === 'params')?.value ?? positional[0];
    if (given?.name !== 'VariableName') return given ? otherIn([given]) : null;
    const name = text.slice(given.from, given.to);
    const found = known.has(name) ? (known.get(name) ?? null) : otherIn(listed().get(name) ?? []);
    known.set(name, found);
    return found;
  };
}

/** The statements that give a variable something, or add to it, by its name; made when first asked for. */
function listsOf({ program: { tree, text } }: Flow): () => ReadonlyMap<string, readonly Expression[]> {
  let known: Map<string, Expression[]> | null = null;
  const find = (): Map<string, Expression[]> => {
    const found = new Map<string, Expression[]>();
    tree.iterate({
      enter(at) {
        if (!/^(?:AssignStatement|UpdateStatement|CallExpression)$/.test(at.name)) return;
        const { node } = at;
        const { firstChild: first } = node;
        const isAdding = at.name !== 'CallExpression' || /^(?:extend|append)$/.test(lastName(text, first));
        const target = at.name === 'CallExpression' ? first?.firstChild : first;
        if (!isAdding || target?.name !== 'VariableName') return;
        const name = text.slice(target.from, target.to);
        const all = found.get(name);
        if (all) all.push(node);
        else found.set(name, [node]);
      },
    });
    return found;
  };
  return () => (known ??= find());
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
