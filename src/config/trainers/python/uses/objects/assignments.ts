import { childrenOf } from '../../../../syntax/python/bindings';
import type { PythonTree, Expression } from '../../../../syntax/python/scope';

/** Something that gives values to names: an assignment, a loop, a `with`. */
export interface Assignment {
  targets: readonly Expression[];
  value: Expression;
  /** Whether the targets get the items of the value one after another. */
  isItem: boolean;
}

/** Every place of a program that gives values to names. */
export function assignmentsIn(tree: PythonTree): Assignment[] {
  const found: Assignment[] = [];
  // Only nodes of these names are made: the walk passes each bracket and comma too.
  tree.iterate({ enter: (at) => void (ASSIGNING.test(at.name) && found.push(...assignmentsAt(at.node))) });
  return found;
}

const LOOPING = /^ForStatement$|Comprehension|^ArgList$/;
const ASSIGNING = new RegExp(`^(?:AssignStatement|NamedExpression|WithStatement)$|${LOOPING.source}`);

function assignmentsAt(node: Expression): Assignment[] {
  switch (node.name) {
    case 'AssignStatement':
    case 'NamedExpression':
      return assigned(node);
    case 'WithStatement':
      return node.getChildren('as').flatMap(({ prevSibling: value, nextSibling: target }) => {
        return value && target ? [{ targets: [target], value, isItem: false }] : [];
      });
    default:
      return LOOPING.test(node.name) ? looped(node) : [];
  }
}

/** `a = b = value`, `a, b = 1, 2` */
function assigned(node: Expression): Assignment[] {
  const groups: Expression[][] = [[]];
  for (const child of childrenOf(node)) {
    if (child.name === 'AssignOp') groups.push([]);
    else if (isObject(child.name)) groups.at(-1)?.push(child);
  }
  const values = groups.length > 1 ? (groups.pop() ?? []) : [];
  const [value] = values;
  if (value && values.length === 1) return groups.map((targets) => ({ targets, value, isItem: false }));
  return groups.flatMap((targets) =>
    targets.flatMap((target, i) => {
      const own = values[i];
      return own ? [{ targets: [target], value: own, isItem: false }] : [];
    }),
  );
}

/** `for a, b in value` of a statement, a comprehension or a generator among arguments. */
function looped(node: Expression): Assignment[] {
  return node.getChildren('for').flatMap((mark) => {
    const targets: Expression[] = [];
    let at = mark.nextSibling;
    for (; at && at.name !== 'in'; at = at.nextSibling) if (isObject(at.name)) targets.push(at);
    return at?.nextSibling ? [{ targets, value: at.nextSibling, isItem: true }] : [];
  });
}

/** The expressions that a list, a dict, a comprehension, a choice or a `return` is made of. */
export function elementsOf(expression: Expression): Expression[] {
  const children = childrenOf(expression);
  const end = children.findIndex(({ name }) => name === 'for' || name === 'async');
  return children.slice(0, end < 0 ? children.length : end).filter(({ name }) => isObject(name));
}

/** Whether a node is an expression, not a word or a mark of the syntax. */
export function isObject(name: string): boolean {
  return /(?:Expression|Name|String)$|^(?:Number|Boolean|None)$/.test(name);
}

/** The items of a tuple or a list; null for anything else. */
export function itemsOf(node: Expression): Expression[] | null {
  if (node.name === 'ParenthesizedExpression') return elementsOf(node).flatMap((inner) => itemsOf(inner) ?? []);
  return node.name === 'TupleExpression' || node.name === 'ArrayExpression' ? elementsOf(node) : null;
}
