import { partName } from '../../../../syntax/python/bindings';
import { argumentsOf } from '../../../../syntax/python/names';
import { pairsOf } from '../../../../syntax/python/options';
import { lastName } from '../../../../syntax/python/outline';
import type { Expression } from '../../../../syntax/python/scope';
import type { Flow } from '../objects/flow';
import { isReadOptimizer } from '../objects/kinds';
import { sourcesIn } from '../objects/sources';

/**
 * Where the parameter groups of an optimizer are put together of several dicts, or key by key: `{**a, "lr": lr}`,
 * `a | b`, `dict(a, lr=lr)`, `a["params"] = p`. The numbers in them are not read.
 */
export function groupsPutTogether(flow: Flow): Expression[] {
  const { text, outline, path } = flow.program;
  const given = outline.calls.flatMap((call) => {
    if (!call.firstChild || !isReadOptimizer(path(call.firstChild))) return [];
    const { positional, keywords } = argumentsOf(text, call);
    return keywords.find(({ name }) => name === 'params')?.value ?? positional[0] ?? [];
  });
  return sourcesIn(flow)(...given).filter((source) => isPutTogether(text, source));
}

function isPutTogether(text: string, node: Expression): boolean {
  const { name, firstChild: first } = node;
  if (name === 'DictionaryExpression') return pairsOf(node).some((pair) => 'spread' in pair);
  if (name === 'BinaryExpression') return node.getChild('BitOp') !== null;
  if (name === 'UpdateStatement' && first?.name === 'VariableName') return /\|=/.test(text.slice(first.to, node.to));
  if (/^(?:Assign|Update)Statement$/.test(name) && first?.name === 'MemberExpression')
    return partName(text, first) === 'params';
  if (name !== 'CallExpression' || lastName(text, first) !== 'dict') return false;
  const { positional, isOpen } = argumentsOf(text, node);
  return positional.length > 0 || isOpen;
}
