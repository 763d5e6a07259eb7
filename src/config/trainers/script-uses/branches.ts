import { childrenOf } from '../../syntax/python/bindings';
import type { Program } from '../../syntax/python/program';
import type { Expression } from '../../syntax/python/scope';
import type { ScalarNode } from '../../syntax/tree';

/** What a condition is, and the options by whose defaults it is so: `{ holds: false, options: ['--resume'] }`. */
interface Truth {
  holds: boolean;
  options: readonly string[];
}

/** Branches that surely run, or that surely do not: whoever is none of both may. */
const of = (holds: boolean, { unset, lock }: ScalarNode): Truth => {
  const option = unset ?? lock?.option;
  return { holds, options: option === undefined ? [] : [option] };
};

/**
 * By the defaults of which options a place stands in a branch that is not taken; empty where the text alone says so,
 * null where it may be taken.
 */
export function leftOutBy(program: Program, offset: number): readonly string[] | null {
  for (let node: Expression | null = program.tree.resolveInner(offset, 1); node; node = node.parent) {
    if (node.name !== 'Body' || node.parent?.name !== 'IfStatement') continue;
    const own = node.prevSibling;
    if (own && own.name !== 'else') {
      const truth = truthOf(program, own);
      if (truth?.holds === false) return truth.options;
    }
    for (let at = own?.name === 'else' ? own : (own?.prevSibling ?? null); at; at = at.prevSibling) {
      if (at.name !== 'Body' || !at.prevSibling) continue;
      const before = truthOf(program, at.prevSibling);
      if (before?.holds === true) return before.options;
    }
  }
  return null;
}

/** What a condition is by this text; null where that is open. */
function truthOf(program: Program, test: Expression): Truth | null {
  const children = childrenOf(test);
  const [left, operator, right] = children;
  if (test.name === 'ParenthesizedExpression' && operator) return truthOf(program, operator);
  if (test.name === 'UnaryExpression' && left?.name === 'not' && operator) {
    const inner = truthOf(program, operator);
    return inner && { ...inner, holds: !inner.holds };
  }
  if (test.name === 'BinaryExpression' && left && operator && right) {
    if (operator.name === 'and' || operator.name === 'or') {
      return joined(operator.name === 'or', truthOf(program, left), truthOf(program, right));
    }
    return comparison(program, left, children);
  }
  const node = program.evaluate(test);
  if (node.kind !== 'scalar') return null;
  if (node.unset !== undefined) return of(false, node);
  if (node.elsewhere !== undefined) return null;
  return of(node.value !== null && node.value !== false && node.value !== 0 && node.value !== '', node);
}

/** `or` of two conditions, or `and`: one that decides is enough. */
function joined(decides: boolean, one: Truth | null, other: Truth | null): Truth | null {
  const decided = [one, other].filter((truth) => truth?.holds === decides);
  const [first] = decided.toSorted((a, b) => (a?.options.length ?? 0) - (b?.options.length ?? 0));
  if (first) return first;
  return one && other && { holds: !decides, options: [...new Set([...one.options, ...other.options])] };
}

/** `args.resume is not None`, `args.optimizer.lower() == "prodigy"` */
function comparison({ text, evaluate }: Program, left: Expression, children: readonly Expression[]): Truth | null {
  const words = children.slice(1).map(({ from, to }) => text.slice(from, to));
  const operator = words.slice(0, -1).join(' ');
  const wanted = words.at(-1) ?? '';
  const isLowered = left.name === 'CallExpression' && /\.lower\(\)$/.test(text.slice(left.from, left.to));
  const node = evaluate(isLowered && left.firstChild?.firstChild ? left.firstChild.firstChild : left);
  if (node.kind !== 'scalar' || (node.elsewhere !== undefined && node.unset === undefined)) return null;
  if (wanted === 'None' && /^(?:is|==)$/.test(operator)) return of(node.value === null, node);
  if (wanted === 'None' && /^(?:is not|!=)$/.test(operator)) return of(node.value !== null, node);
  const quoted = /^(["'])([\w.-]*)\1$/.exec(wanted)?.[2];
  const isOther = typeof node.value !== 'string' && node.value !== null;
  if (quoted === undefined || isOther || (isLowered && node.value === null)) return null;
  if (operator !== '==' && operator !== '!=') return null;
  const value = isLowered ? String(node.value).toLowerCase() : node.value;
  return of((value === quoted) === (operator === '=='), node);
}
