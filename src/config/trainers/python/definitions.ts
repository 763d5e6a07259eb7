import type { Binding } from '../../syntax/python/bindings';
import { addTo } from '../../syntax/table';
import { bindingsOfName } from '../../syntax/python/names';
import { type Expression, elementsOf, innermost, lastName, NAMED, rootOf } from '../../syntax/python/nodes';
import { type Scope, scopeAt } from '../../syntax/python/outline';
import type { Program } from '../../syntax/tree';
import type { Held } from './harmless';

/** The functions and classes of a program, and what comes from its libraries. */
export interface Definitions {
  /** The functions, lambdas and classes of this text that a callee may be: a method by its name alone. */
  of: (callee: Expression) => readonly Scope[];
  /** The full names of what a class is derived from, or stands beside in another class of this text. */
  basesOf: (scope: Scope) => readonly string[];
  /** Whether an expression begins with a name that is imported, or that nothing in this text binds. */
  isOfLibrary: (expression: Expression) => boolean;
  /** Whether definitions were left out, or a value is passed on further than is followed. */
  isCut: boolean;
}

/** The names of a program that may hold something of a run. */
export interface Names {
  variables: Map<Scope, Map<string, Held>>;
  /** By the name of the attribute, of whatever object. */
  attributes: Map<string, Held>;
  /** What functions give back. */
  results: Map<Scope, Held>;
  /** The classes of this text that keep something of the run in an attribute. */
  holders: Set<Scope>;
}

/** The largest number of bases of a class, and of definitions of a name: of 1,887 public programs one has 13. */
const MOST = 20;

export function definitionsIn(program: Program): Definitions {
  const { outline, text } = program;
  const byPlace = new Map<number, Scope>();
  const methods = new Map<string, Scope[]>();
  for (const scope of outline.scopes) {
    if (scope.definition) byPlace.set(scope.definition.from, scope);
    if (scope.kind === 'function' && scope.parent?.kind === 'class') addTo(methods, scope.name, scope);
  }
  const cut = { isCut: false };
  const firstOf = <T>(all: readonly T[]): readonly T[] => {
    cut.isCut ||= all.length > MOST;
    return all.length > MOST ? all.slice(0, MOST) : all;
  };
  const libraries = new Map<readonly Binding[], boolean>();
  const isOfLibrary = (expression: Expression, depth = 0): boolean => {
    const root = rootOf(expression);
    if (root.name !== 'VariableName') return false;
    const bindings = bindingsOfName(text, outline, root);
    const known = depth === 0 ? libraries.get(bindings) : undefined;
    if (known !== undefined) return known;
    const isLibrary = bindings.every(({ kind, value }) => {
      const isAlias = value && depth < MOST && NAMED.test(value.name);
      return kind === 'import' || (isAlias && isOfLibrary(value, depth + 1));
    });
    if (depth === 0) libraries.set(bindings, isLibrary);
    return isLibrary;
  };
  const of = (callee: Expression): readonly Scope[] => {
    if (callee.name === 'LambdaExpression') return [scopeAt(outline, callee.from + 1)];
    if (callee.name === 'MemberExpression') {
      const isNamed = callee.lastChild?.name === 'PropertyName' && callee.firstChild && !isOfLibrary(callee.firstChild);
      return isNamed ? firstOf(methods.get(lastName(text, callee)) ?? []) : [];
    }
    return firstOf(boundTo(bindingsOfName(text, outline, callee)));
  };
  // A name that is bound a thousand times may be used a thousand times.
  const bound = new Map<readonly Binding[], readonly Scope[]>();
  const boundTo = (bindings: readonly Binding[]): readonly Scope[] => {
    const known = bound.get(bindings);
    if (known) return known;
    const scopes = bindings.flatMap(({ kind, value }) => {
      if (value?.name === 'LambdaExpression') return scopeAt(outline, value.from + 1);
      return (kind === 'function' || kind === 'class' ? byPlace.get(value?.from ?? -1) : undefined) ?? [];
    });
    bound.set(bindings, scopes);
    return scopes;
  };
  const listOf = ({ kind, definition }: Scope): readonly Expression[] => {
    const list = kind === 'class' && definition?.getChild('ArgList');
    return list ? firstOf(elementsOf(list)) : [];
  };
  const ownOf = (base: Expression): Scope[] => of(base).filter(({ kind }) => kind === 'class');
  const beside = new Map<Scope, Expression[]>();
  for (const list of outline.scopes.map(listOf))
    for (const own of list.flatMap(ownOf)) beside.set(own, [...(beside.get(own) ?? []), ...list].slice(0, MOST));
  const bases = new Map<Scope, readonly string[]>();
  const basesOf = (scope: Scope): readonly string[] => {
    const known = bases.get(scope);
    if (known) return known;
    bases.set(scope, []);
    const all = [...listOf(scope), ...(beside.get(scope) ?? [])].flatMap((base) => {
      const own = ownOf(base);
      return own.length > 0 ? own.filter((one) => one !== scope).flatMap(basesOf) : [program.path(base)];
    });
    bases.set(scope, all.slice(0, MOST));
    return all;
  };
  return Object.assign(cut, { of, basesOf, isOfLibrary });
}

export const classAround = (scope: Scope): Scope | null => innermost<Scope>(scope, ({ kind }) => kind === 'class');
