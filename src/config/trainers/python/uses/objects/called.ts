import { byPlace } from '../../../../syntax/python/by-place';
import { ownerOf } from '../../../../syntax/python/names';
import { lastName, scopeAt } from '../../../../syntax/python/outline';
import type { Program } from '../../../../syntax/python/program';
import type { Expression, Scope } from '../../../../syntax/python/scope';
import { elementsOf } from './assignments';
import { classAround } from './variables';

/** Finds the function or class of this text that a callee is: by its name, or a method by `self.name`. */
export function definitionsIn({ text, outline }: Program): (callee: Expression) => Scope | null {
  const defined = definedIn(outline.module);
  const source = (node: Expression | null): string => (node ? text.slice(node.from, node.to) : '');
  return byPlace(text.length, (callee) => {
    if (callee.name === 'LambdaExpression') return scopeAt(outline, callee.from);
    const isMethod = callee.name === 'MemberExpression' && source(callee.firstChild) === 'self';
    const name = isMethod ? lastName(text, callee) : source(callee);
    if (!isMethod && callee.name !== 'VariableName') return null;
    const owner = isMethod ? classAround(scopeAt(outline, callee.from)) : ownerOf(outline, name, callee.from);
    const definition = owner?.bindings.get(name)?.at(-1)?.value;
    if (definition?.name === 'LambdaExpression') return scopeAt(outline, definition.from);
    const scope = definition ? defined.get(definition.from) : undefined;
    return scope?.parent === owner ? (scope ?? null) : null;
  });
}

/** Functions and classes, by where their definition begins. */
function definedIn(module: Scope): ReadonlyMap<number, Scope> {
  const found = new Map<number, Scope>();
  const open = [module];
  for (let scope = open.pop(); scope; scope = open.pop()) {
    if (scope.definition) found.set(scope.definition.from, scope);
    for (const child of scope.children) open.push(child);
  }
  return found;
}

/** Every call of a class looks at all its bases. */
const MOST_BASES = 20;

/** Tells what a class of this text is derived from, also by way of other classes of this text. */
export function basesIn(
  { path }: Program,
  definitionOf: (callee: Expression) => Scope | null,
): (scope: Scope) => readonly string[] {
  const known = new Map<Scope, readonly string[]>();
  const basesOf = (scope: Scope, depth = 0): readonly string[] => {
    const before = known.get(scope);
    if (before) return before;
    if (depth > MOST_BASES) return [];
    known.set(scope, []);
    const { definition } = scope;
    const list = definition?.name === 'ClassDefinition' ? definition.getChild('ArgList') : null;
    const bases = (list ? elementsOf(list).slice(0, MOST_BASES) : []).flatMap((base) => {
      const own = definitionOf(base);
      return [path(base), ...(own?.kind === 'class' ? basesOf(own, depth + 1) : [])];
    });
    const most = bases.slice(0, MOST_BASES);
    known.set(scope, most);
    return most;
  };
  return (scope) => basesOf(scope);
}
