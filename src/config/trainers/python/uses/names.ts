import { isInLoopAround, isSure } from '../../../syntax/python/names';
import { scopeAt } from '../../../syntax/python/outline';
import type { Binding, Scope } from '../../../syntax/python/scope';
import type { Program } from '../../../syntax/python/program';
import type { Facts } from './facts';

/** As many bindings of one name as are looked at. */
const MOST_BINDINGS = 60;

/** The bindings of a name that may hold at an offset; `self.name` is one of the whole class. */
export function bindingsAt(
  { outline }: Pick<Program, 'outline'>,
  { generators }: Facts,
  name: string,
  offset: number,
): readonly Binding[] {
  const inner = generators.get(name)?.findLast(({ from, to }) => from <= offset && offset < to);
  if (inner) return [inner.binding];
  const own = scopeAt(outline, offset);
  if (name.startsWith('self.')) {
    const methods = classAround(own)?.children ?? [own];
    return methods.flatMap((scope) => scope.bindings.get(name) ?? []);
  }
  for (let scope: Scope | null = own; scope; scope = scope.parent) {
    const owner: Scope = scope.globals.has(name) ? outline.module : scope;
    const bindings = scope.kind === 'class' && scope !== own ? undefined : owner.bindings.get(name);
    if (!bindings) continue;
    if (owner !== own) return bindings.slice(-MOST_BINDINGS);
    return since(bindings, offset);
  }
  return [];
}

/** The bindings that may hold at an offset of their own scope. */
function since(bindings: readonly Binding[], offset: number): readonly Binding[] {
  const before = bindings.filter(({ to }) => to <= offset);
  const later = bindings.filter((binding) => binding.to > offset && isInLoopAround(binding.block, offset));
  const last = before.findLastIndex((binding) => isSure(binding, offset));
  return [...before.slice(Math.max(0, last)), ...later].slice(-MOST_BINDINGS);
}

export const isParameter = ({ kind, value, path }: Binding): boolean =>
  kind === 'parameter' || (kind === 'other' && value === null && path === undefined);

export function classAround(scope: Scope): Scope | null {
  let around: Scope | null = scope;
  while (around && around.kind !== 'class') around = around.parent;
  return around;
}
