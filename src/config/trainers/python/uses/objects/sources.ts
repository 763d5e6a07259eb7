import { argumentsOf, givenIn } from '../../../../syntax/python/names';
import { lastName } from '../../../../syntax/python/outline';
import { placeId } from '../../../../syntax/python/by-place';
import type { Expression } from '../../../../syntax/python/scope';
import { elementsOf } from './assignments';
import type { Flow } from './flow';
import { PASSING } from './kinds';
import { statementsSetting } from './statements-setting';

/** What a value is made of: the dicts, calls and other expressions behind names, lists, choices and functions. */
export type Sources = (...values: readonly Expression[]) => readonly Expression[];

/** The most parts that are looked at; what is beyond them counts as a source. */
const MOST_PARTS = 200;

export function sourcesIn(flow: Flow): Sources {
  const settersOf = statementsSetting(flow);
  return (...values) => {
    const open = [...values];
    const seen = new Set<number>();
    const found: Expression[] = [];
    for (let node = open.pop(); node; node = open.pop()) {
      if (seen.has(placeId(node))) continue;
      seen.add(placeId(node));
      const parts = seen.size < MOST_PARTS ? partsOf(flow, node, settersOf) : null;
      if (parts) open.push(...parts);
      else found.push(node);
    }
    return found;
  };
}

/** What an expression takes its value from, or a statement gives; null if that is the expression itself. */
function partsOf(
  flow: Flow,
  node: Expression,
  settersOf: ReturnType<typeof statementsSetting>,
): readonly Expression[] | null {
  const { text } = flow.program;
  switch (node.name) {
    case 'VariableName': {
      const setters = settersOf(node);
      return setters.length > 0 ? setters : null;
    }
    case 'AssignStatement':
    case 'UpdateStatement':
      return node.firstChild?.name === 'VariableName' && !setsMore(text, node) && node.lastChild
        ? [node.lastChild]
        : null;
    case 'CallExpression': {
      const own = flow.calledIn(node);
      const name = lastName(text, node.firstChild);
      if (own?.kind === 'function' && own.definition) return returnsIn(own.definition);
      const isPassing = name !== 'dict' && (PASSING.has(name) || /^(?:append|extend|insert|add)$/.test(name));
      return isPassing ? givenIn(argumentsOf(text, node)) : null;
    }
    case 'ConditionalExpression': {
      const elements = elementsOf(node);
      return elements.filter((_, i) => i !== 1);
    }
    case 'BinaryExpression':
      return node.getChild('BitOp') ? null : elementsOf(node);
    case 'ReturnStatement':
    case 'YieldStatement':
    case 'ArrayExpression':
    case 'TupleExpression':
    case 'ParenthesizedExpression':
    case 'ArrayComprehensionExpression':
    case 'ComprehensionExpression':
      return elementsOf(node);
    default:
      return null;
  }
}

/** `group |= more` */
function setsMore(text: string, { name, firstChild: first, to }: Expression): boolean {
  return name === 'UpdateStatement' && first !== null && /^\s*\|=/.test(text.slice(first.to, to));
}

function returnsIn(definition: Expression): Expression[] {
  const found: Expression[] = [];
  definition.cursor().iterate((at) => void (/^(?:Return|Yield)Statement$/.test(at.name) && found.push(at.node)));
  return found;
}
