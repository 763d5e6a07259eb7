import { partName } from '../../../syntax/python/bindings';
import { argumentsOf, givenIn } from '../../../syntax/python/names';
import { pairsOf } from '../../../syntax/python/options';
import { lastName } from '../../../syntax/python/outline';
import type { Expression } from '../../../syntax/python/scope';
import { elementsOf } from './assignments';
import type { Flow } from './flow';
import { isReadOptimizer, PASSING } from './kinds';
import { statementsSetting } from './statements-setting';

/** The most parts that are looked at; more are not read by anybody. */
const MOST_PARTS = 200;

/**
 * Where the parameter groups of an optimizer are put together of several dicts, or key by key: `{**a, "lr": lr}`,
 * `a | b`, `dict(a, lr=lr)`, `a["params"] = p`. The numbers in them are not read.
 */
export function groupsPutTogether(flow: Flow): Expression[] {
  const { text, outline, path } = flow.program;
  const settersOf = statementsSetting(flow);
  const open = outline.calls.flatMap((call) => {
    if (!call.firstChild || !isReadOptimizer(path(call.firstChild))) return [];
    const { positional, keywords } = argumentsOf(text, call);
    return keywords.find(({ name }) => name === 'params')?.value ?? positional[0] ?? [];
  });
  const seen = new Set<number>();
  const found: Expression[] = [];
  for (let node = open.pop(); node && seen.size < MOST_PARTS; node = open.pop()) {
    if (seen.has(node.from * 2 + Number(node.name === 'VariableName'))) continue;
    seen.add(node.from * 2 + Number(node.name === 'VariableName'));
    if (isPutTogether(text, node)) found.push(node);
    else open.push(...partsOf(flow, node, settersOf));
  }
  return found;
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

/** What an expression takes its value from, or a statement gives. */
function partsOf(flow: Flow, node: Expression, settersOf: ReturnType<typeof statementsSetting>): readonly Expression[] {
  const { text } = flow.program;
  switch (node.name) {
    case 'VariableName':
      return settersOf(node);
    case 'AssignStatement':
    case 'UpdateStatement':
      return node.lastChild ? [node.lastChild] : [];
    case 'CallExpression': {
      const own = flow.calledIn(node);
      const name = lastName(text, node.firstChild);
      if (own?.definition) return returnsIn(own.definition);
      const isAdding = /^(?:append|extend|insert|add)$/.test(name);
      return PASSING.has(name) || isAdding ? givenIn(argumentsOf(text, node)) : [];
    }
    case 'ReturnStatement':
    case 'ArrayExpression':
    case 'TupleExpression':
    case 'ParenthesizedExpression':
    case 'ConditionalExpression':
    case 'ArrayComprehensionExpression':
    case 'ComprehensionExpression':
    case 'BinaryExpression':
      return elementsOf(node);
    default:
      return [];
  }
}

function returnsIn(definition: Expression): Expression[] {
  const found: Expression[] = [];
  definition.cursor().iterate((at) => void (/^(?:Return|Yield)Statement$/.test(at.name) && found.push(at.node)));
  return found;
}
