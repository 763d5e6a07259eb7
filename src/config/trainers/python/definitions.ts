import type { Binding } from '../../syntax/python/bindings';
import { remembered } from '../../syntax/for-last';
import { bindingsOfName } from '../../syntax/python/names';
import { type Expression, elementsOf, lastName, NAMED, rootOf } from '../../syntax/python/nodes';
import { type Scope, scopeAt } from '../../syntax/python/outline';
import type { Program } from '../../syntax/tree';

/** The functions and classes of a program, and what comes from its libraries. */
export interface Definitions {
  /** The functions, lambdas and classes of this text that a callee may be: a method by its name alone. */
  of: (callee: Expression) => readonly Scope[];
  /** The full names of what a class is derived from, or stands beside in another class of this text. */
  basesOf: (scope: Scope) => readonly string[];
  /** The same of each class of a list; the same list for the same list. */
  allBases: (scopes: readonly Scope[]) => readonly (readonly string[])[];
  /** Whether an expression begins with a name that is imported, or that nothing in this text binds. */
  isOfLibrary: (expression: Expression) => boolean;
}

/** The largest number of bases of a class that are looked at. */
const MOST_BASES = 20;

export function definitionsIn(program: Program): Definitions {
  const { outline, text } = program;
  const byPlace = new Map<number, Scope>();
  const methods = new Map<string, Scope[]>();
  for (const scope of outline.scopes) {
    if (scope.definition) byPlace.set(scope.definition.from, scope);
    if (scope.kind === 'function' && scope.parent?.kind === 'class')
      methods.set(scope.name, [...(methods.get(scope.name) ?? []), scope]);
  }
  const isOfLibrary = (expression: Expression, depth = 0): boolean => {
    const root = rootOf(expression);
    if (root.name !== 'VariableName') return false;
    return bindingsOfName(text, outline, root).every(({ kind, value }) => {
      const isAlias = value && depth < MOST_BASES && NAMED.test(value.name);
      return kind === 'import' || (isAlias && isOfLibrary(value, depth + 1));
    });
  };
  const of = (callee: Expression): readonly Scope[] => {
    if (callee.name === 'LambdaExpression') return [scopeAt(outline, callee.from + 1)];
    if (callee.name === 'MemberExpression') {
      const isNamed = callee.lastChild?.name === 'PropertyName' && callee.firstChild && !isOfLibrary(callee.firstChild);
      return isNamed ? (methods.get(lastName(text, callee)) ?? []) : [];
    }
    return boundTo(bindingsOfName(text, outline, callee));
  };
  // A name that is bound a thousand times may be used a thousand times.
  const boundTo = remembered((bindings: readonly Binding[]): readonly Scope[] =>
    bindings.flatMap(({ kind, value }) => {
      if (value?.name === 'LambdaExpression') return scopeAt(outline, value.from + 1);
      return (kind === 'function' || kind === 'class' ? byPlace.get(value?.from ?? -1) : undefined) ?? [];
    }),
  );
  const listOf = ({ kind, definition }: Scope): Expression[] => {
    const list = kind === 'class' && definition?.getChild('ArgList');
    return list ? elementsOf(list).slice(0, MOST_BASES) : [];
  };
  const ownOf = (base: Expression): Scope[] => of(base).filter(({ kind }) => kind === 'class');
  const beside = new Map<Scope, Expression[]>();
  for (const list of outline.scopes.map(listOf))
    for (const own of list.flatMap(ownOf)) beside.set(own, [...(beside.get(own) ?? []), ...list].slice(0, MOST_BASES));
  const bases = new Map<Scope, readonly string[]>();
  const basesOf = (scope: Scope): readonly string[] => {
    const known = bases.get(scope);
    if (known) return known;
    bases.set(scope, []);
    const all = [...listOf(scope), ...(beside.get(scope) ?? [])].flatMap((base) => {
      const own = ownOf(base);
      return own.length > 0 ? own.filter((one) => one !== scope).flatMap(basesOf) : [program.path(base)];
    });
    bases.set(scope, all.slice(0, MOST_BASES));
    return all;
  };
  const allBases = remembered((all: readonly Scope[]) => all.filter(({ kind }) => kind === 'class').map(basesOf));
  return { of, basesOf, allBases, isOfLibrary };
}

export function classAround(scope: Scope): Scope | null {
  let at: Scope | null = scope;
  while (at && at.kind !== 'class') at = at.parent;
  return at;
}
