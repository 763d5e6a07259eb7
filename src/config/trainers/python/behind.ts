import { type Expression, elementsOf, itemsOf } from '../../syntax/python/nodes';
import { bindingsOfName } from '../../syntax/python/names';
import type { Touched } from './touched';

/** The largest number of names, choices and functions that an expression is followed through. */
const MOST = 200;

/**
 * The expressions that a value may be made of: behind names, choices and sums, in lists and what is appended to them. A name that has no value in the text stands for itself.
 */
export function behind(touched: Touched, ...starts: readonly Expression[]): Expression[] {
  const { program, definitions } = touched;
  const found: Expression[] = [];
  const seen = new Set<number>();
  const open = [...starts];
  for (let node = open.pop(); node && found.length < MOST; node = open.pop()) {
    if (seen.has(node.from * 2 ** 26 + node.to)) continue;
    seen.add(node.from * 2 ** 26 + node.to);
    const { name } = node;
    const called = name === 'CallExpression' ? touched.called(node) : null;
    if (itemsOf(node) ?? /^(?:Binary|Parenthesized|(?:Array)?Comprehension)Expression$/.test(name))
      open.push(...elementsOf(node));
    else if (name === 'ConditionalExpression') open.push(...elementsOf(node).filter((_, i) => i !== 1));
    else if (called && CONTAINERS.test(called.name) && called.own.length === 0)
      open.push(
        ...touched.given(node).positional.slice(called.name === 'filter' ? 1 : 0),
        ...touched.given(node).stars,
      );
    else if (name === 'VariableName' && definitions.of(node).length === 0) {
      const bindings = bindingsOfName(program.text, program.outline, node);
      const values = bindings.flatMap(({ value }) => value ?? []);
      open.push(...values, ...appendedTo(touched, touched.source(node)));
      if (values.length === 0 || bindings.some(({ kind }) => kind !== 'assigned')) found.push(node);
    } else found.push(node);
  }
  return found;
}

const CONTAINERS = /^(?:list|tuple|iter|chain|set|filter)$/;

function appendedTo(touched: Touched, list: string): Expression[] {
  return ['append', 'extend', 'insert'].flatMap((verb) =>
    (touched.program.outline.callsByName.get(verb) ?? []).flatMap((call) =>
      touched.source(call.firstChild?.firstChild) === list ? touched.given(call).positional.slice(-1) : [],
    ),
  );
}
