import { scopeAt, type Outline } from './outline';
import { ownParameters, type Binding, type Block, type Expression, type Scope } from './scope';
import { childrenOf } from './bindings';
import type { Branches } from './branches';

/** What a name means where it is used. */
export type Meaning =
  | { kind: 'bound'; binding: Binding; scope: Scope }
  /** It depends on what happens when the program runs. */
  | { kind: 'open' }
  /** Nothing in this text binds it. */
  | { kind: 'unbound' };

/** Which branches run. */
type Taken = Pick<Branches, 'runs'>;

/** A name that is set more often than this is left open, so that looking through them stays cheap. */
const MOST_BINDINGS = 200;

/**
 * What `name` means at `offset`: the last assignment before it in its own scope, or the only one in a scope around it.
 * Where a branch, a loop or several assignments leave that open, it is said to be open.
 */
export function meaningOf(
  text: string,
  outline: Outline,
  name: string,
  offset: number,
  branches: Taken = ANY_BRANCH,
): Meaning {
  // Whether the code around `offset` runs where it stands, not when a function is called.
  let runsHere = true;
  const own = scopeAt(outline, offset);
  for (let scope: Scope | null = own; scope; scope = scope.parent) {
    const owner = scope.globals.has(name) ? outline.module : scope;
    const isHidden = scope.kind === 'class' && scope !== own;
    const bindings = isHidden ? undefined : owner.bindings.get(name);
    if (bindings) {
      if (bindings.length > MOST_BINDINGS) return { kind: 'open' };
      const possible = bindings.filter((binding) => !isLeftOut(binding, branches));
      const isHere = runsHere && owner === scope;
      const sees = isHere ? lastBefore(text, possible, offset, branches) : onlyOne(text, possible, branches);
      if (sees === null || (sees !== 'none' && mayBeSetUnseen(outline, sees, offset))) return { kind: 'open' };
      if (sees !== 'none') return { kind: 'bound', binding: sees, scope: owner };
    }
    if (scope.kind === 'function') runsHere = false;
  }
  return { kind: 'unbound' };
}

/** Where nobody looks at conditions. */
const ANY_BRANCH: Taken = { runs: () => null };

/** Whether a binding stands in a branch that is not taken. */
export function isLeftOut({ block }: Binding, branches: Taken): boolean {
  for (let around = block; around; around = around.parent) if (branches.runs(around)?.holds === false) return true;
  return false;
}

/** The options by whose defaults an assignment of a name before `offset` happens, or does not. */
export function chosenBy(outline: Outline, branches: Taken, name: string, offset: number): string[] {
  const options: string[] = [];
  for (let scope: Scope | null = scopeAt(outline, offset); scope; scope = scope.parent) {
    for (const { block, to } of scope.bindings.get(name) ?? []) {
      for (let around = to <= offset ? block : null; around; around = around.parent) {
        if (offset < around.from || offset >= around.to) options.push(...(branches.runs(around)?.options ?? []));
      }
    }
  }
  return [...new Set(options)];
}

/** Whether a variable may have another value than it was assigned, by a name that is not written: `exec`, `import *`. */
function mayBeSetUnseen({ tampering }: Outline, { kind, to }: Binding, offset: number): boolean {
  if (kind === 'import' || kind === 'class' || kind === 'function') return false;
  return tampering.anyName || tampering.stars.some((star) => star > to && star <= offset);
}

/** The binding that holds at `offset`; null where that is open, 'none' where nothing is bound before. */
function lastBefore(
  text: string,
  bindings: readonly Binding[],
  offset: number,
  branches: Taken,
): Binding | null | 'none' {
  const before = bindings.filter(({ to, isDeferred }) => !isDeferred && to <= offset);
  const later = bindings.filter(
    (binding) => binding.isDeferred ?? (binding.to > offset && isInLoopAround(binding.block, offset)),
  );
  const since = before.slice(
    Math.max(
      0,
      before.findLastIndex((binding) => isSure(binding, offset, branches)),
    ),
  );
  const last = since.at(-1);
  if (!last) return later.length > 0 ? null : 'none';
  const isSet = since.length > 1 || isSure(last, offset, branches);
  return areSame(text, [...since, ...later]) && isSet ? last : null;
}

function onlyOne(text: string, bindings: readonly Binding[], branches: Taken): Binding | null | 'none' {
  const last = bindings.at(-1);
  if (!last) return 'none';
  return areSame(text, bindings) && bindings.some((binding) => isSure(binding, -1, branches)) ? last : null;
}

/** Whether the binding has happened when `offset` is reached: every branch around it is around `offset` too. */
export function isSure({ block }: Binding, offset: number, branches: Taken = ANY_BRANCH): boolean {
  for (let around = block; around; around = around.parent) {
    if ((offset < around.from || offset >= around.to) && !branches.runs(around)?.holds) return false;
  }
  return true;
}

/** Whether a loop around a binding comes back to `offset` after it. */
export function isInLoopAround(block: Block | null, offset: number): boolean {
  for (let around = block; around; around = around.parent) {
    if (around.isLoop && offset >= around.from && offset < around.to) return true;
  }
  return false;
}

/** Whether all bindings give the same value, as far as their text goes. */
function areSame(text: string, bindings: readonly Binding[]): boolean {
  const [first] = bindings;
  if (bindings.length < 2 || !first) return true;
  const wordsOf = ({ value }: Binding): string | null => value && text.slice(value.from, value.to);
  const words = wordsOf(first);
  return words !== null && bindings.every((binding) => wordsOf(binding) === words);
}

/** Whether a call in this text may give the parameter `name` of the function `scope` another value than its default. */
export function isPassed(text: string, outline: Outline, scope: Scope, name: string): boolean {
  if (outline.tampering.handedOn.has(scope.name)) return true;
  const index = indexOf(scope, name);
  return callsOf(outline, scope).some((call) => {
    const { keywords, positional, isOpen } = argumentsOf(text, call);
    return isOpen || positional.length > index || keywords.some((keyword) => keyword.name === name);
  });
}

/** What the calls in this text give the parameter `name` of the function `scope`. */
export function givenTo(text: string, outline: Outline, scope: Scope, name: string): Expression[] {
  const index = indexOf(scope, name);
  return callsOf(outline, scope).flatMap((call) => {
    const { keywords, positional } = argumentsOf(text, call);
    return keywords.find((keyword) => keyword.name === name)?.value ?? positional[index] ?? [];
  });
}

const indexOf = (scope: Scope, name: string): number =>
  ownParameters(scope).findIndex((parameter) => parameter.name === name);

/** Calls in this text that may be of the function `scope`. */
function callsOf({ callsByName }: Outline, scope: Scope): Expression[] {
  // A class calls its `__init__` by its own name.
  const callees = scope.name === '__init__' && scope.parent ? [scope.name, scope.parent.name] : [scope.name];
  const calls = callees.flatMap((callee) => callsByName.get(callee) ?? []);
  // `trainer.train(…)` calls a method, not the function `train` of this text.
  return calls.filter(({ firstChild }) => scope.parent?.kind === 'class' || firstChild?.name === 'VariableName');
}

export interface Arguments {
  keywords: { name: string; nameNode: Expression; value: Expression }[];
  positional: Expression[];
  /** The expressions behind `**`. */
  spreads: { at: number; value: Expression }[];
  /** Whether arguments come from a list or dict that is unpacked. */
  isOpen: boolean;
}

/** What a call is given, but for what is unpacked. */
export function givenIn({ positional, keywords }: Pick<Arguments, 'positional' | 'keywords'>): Expression[] {
  return [...positional, ...keywords.map(({ value }) => value)];
}

/** The arguments of a call, apart. */
export function argumentsOf(text: string, call: Expression): Arguments {
  const found: Arguments = { keywords: [], positional: [], spreads: [], isOpen: false };
  const list = call.getChild('ArgList');
  const children = list ? childrenOf(list) : [];
  for (let i = 0; i < children.length; i++) {
    const child = children[i];
    if (!child || /^[(),]$/.test(child.name) || child.type.isError) continue;
    const next = children[i + 1];
    if (child.name === '*' || child.name === '**') {
      found.isOpen = true;
      if (child.name === '**' && next) found.spreads.push({ at: found.keywords.length, value: next });
      i += 1;
    } else if (child.name === 'for' || child.name === 'async') break;
    else if (next?.name === 'AssignOp') {
      const value = children[i + 2];
      i += 1;
      if (!value || value.type.isError || /^[,)]$/.test(value.name)) continue;
      found.keywords.push({ name: text.slice(child.from, child.to), nameNode: child, value });
      i += 1;
    } else found.positional.push(child);
  }
  return found;
}
