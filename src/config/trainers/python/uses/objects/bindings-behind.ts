import { ownerOf } from '../../../../syntax/python/names';
import type { Program } from '../../../../syntax/python/program';
import type { Binding, Expression } from '../../../../syntax/python/scope';

/**
 * The bindings of the name that an expression begins with: of `a` in `a.b.C`. Null if it does not begin with a name;
 * empty if this text does not bind it.
 */
export function bindingsBehind({ text, outline }: Program, expression: Expression): readonly Binding[] | null {
  let root: Expression = expression;
  while (root.name === 'MemberExpression' && root.firstChild) root = root.firstChild;
  if (root.name !== 'VariableName') return null;
  const name = text.slice(root.from, root.to);
  return ownerOf(outline, name, root.from)?.bindings.get(name) ?? [];
}
