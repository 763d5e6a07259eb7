import type { Command, CommandNode, CompoundList, PipelineNode, TestExpression, Word as ShellWord } from 'unbash';
import { expandValue, OUTSIDE_DEFAULT, type Expansion } from './words';

/** What a condition may be made of. */
type Node = PipelineNode | Extract<CompoundList['commands'][number]['command'], { type: string }>;

const NUMBERS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
};

/**
 * Whether the condition of an `if` holds: `[ "$a" = x ]`, `[[ $a ]]`, `! test -z "$a"`, several with `&&` and `||`. Null
 * for anything else, and for what is only known when the script runs.
 */
export function conditionHolds({ commands }: CompoundList, expansion: Expansion): boolean | null {
  const [only, more] = commands;
  return only && !more ? holds(only.command, expansion) : null;
}

/** Whether a command succeeds; see {@link conditionHolds}. */
export function holds(node: Node, expansion: Expansion): boolean | null {
  switch (node.type) {
    case 'TestCommand':
      return ofTest(node.expression, expansion);
    case 'Command':
      return ofBrackets(node, expansion);
    case 'Pipeline': {
      const [only, more] = node.commands as readonly CommandNode[];
      const negations = node.prefixes.filter(({ type }) => type === 'Negation').length;
      return only && !more ? negated(holds(only, expansion), negations) : null;
    }
    case 'AndOr':
      return node.commands
        .slice(1)
        .reduce(
          (left: boolean | null, own, i) => joined(node.operators[i], left, () => holds(own, expansion)),
          node.commands[0] ? holds(node.commands[0], expansion) : null,
        );
    default:
      return null;
  }
}

function negated(value: boolean | null, times: number): boolean | null {
  return value === null || times % 2 === 0 ? value : !value;
}

/** `&&` and `||`, where one side may be enough. */
function joined(operator: string | undefined, left: boolean | null, right: () => boolean | null): boolean | null {
  const decides = operator === '||';
  if (left === decides) return left;
  const own = right();
  return left === null ? (own === decides ? own : null) : own;
}

function ofTest(test: TestExpression, expansion: Expansion): boolean | null {
  switch (test.type) {
    case 'TestUnary':
      return unary(test.operator, sureText(test.operand, expansion));
    case 'TestBinary':
      // On the right stands a pattern.
      return test.right.parts?.some(({ type }) => /Glob|Brace/.test(type))
        ? null
        : binary(sureText(test.left, expansion), test.operator, sureText(test.right, expansion));
    case 'TestNot':
      return negated(ofTest(test.operand, expansion), test.negations.length);
    case 'TestGroup':
      return ofTest(test.expression, expansion);
    case 'TestLogical': {
      const [first, ...rest] = test.operands;
      return rest.reduce(
        (left: boolean | null, own) => joined(test.operator, left, () => ofTest(own, expansion)),
        first ? ofTest(first, expansion) : null,
      );
    }
  }
}

/** `[ … ]` and `test …`, of which the words are arguments. */
function ofBrackets({ name, suffix }: Command, expansion: Expansion): boolean | null {
  const words = suffix.filter((node): node is ShellWord => node.type === 'Word');
  const isBracket = name?.value === '[' && words.at(-1)?.value === ']';
  if (words.length < suffix.length || !(isBracket || name?.value === 'test')) return null;
  const own = isBracket ? words.slice(0, -1) : words;
  const isNegated = own[0]?.value === '!';
  const [first, second, third, more] = isNegated ? own.slice(1) : own;
  if (!first || more) return null;
  const text = (word: ShellWord): string | null => sureText(word, expansion);
  const value =
    third && second
      ? binary(text(first), second.value, text(third))
      : second
        ? unary(first.value, text(second))
        : unary('-n', text(first));
  return negated(value, isNegated ? 1 : 0);
}

function unary(operator: string, text: string | null): boolean | null {
  if (text === null) return null;
  if (operator === '-n') return text !== '';
  return operator === '-z' ? text === '' : null;
}

function binary(left: string | null, operator: string, right: string | null): boolean | null {
  if (left === null || right === null) return null;
  if (operator === '=' || operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  const isNumber = /^-?\d+$/.test(left) && /^-?\d+$/.test(right);
  return isNumber ? (NUMBERS[operator]?.(Number(left), Number(right)) ?? null) : null;
}

/** The text of a word where nothing outside of the script has a say in it. */
function sureText(word: ShellWord, expansion: Expansion): string | null {
  let text = '';
  for (const piece of expandValue(word, expansion)) {
    if (piece.text === null || piece.lock?.code === OUTSIDE_DEFAULT) return null;
    text += piece.text;
  }
  return text;
}
