import { scopeAt, type Outline } from './outline';
import { ownParameters, type Binding, type Block, type Expression, type Scope } from './scope';
import { childrenOf } from './bindings';

/** What a name means where it is used. */
export type Meaning =
  | { kind: 'bound'; binding: Binding; scope: Scope }
  /** It depends on what happens when the program runs. */
  | { kind: 'open' }
  /** Nothing in this text binds it. */
  | { kind: 'unbound' };

/** The value of a condition, and the options whose defaults make it so: `{ holds: false, options: ["--resume"] }`. */
export interface Truth {
  holds: boolean;
  options: readonly string[];
}

/** Which branches run. */
export interface Taken {
  /** Whether a block runs when its statement is reached; null if unknown. */
  runs(block: Block): Truth | null;
}

/** Used where conditions are not evaluated. */
const ANY_BRANCH: Taken = { runs: () => null };

/**
 * What `name` means at `offset`: the one assignment of its scope that has run. A name that is assigned more than once is
 * open, unless the others come later or their branches are known not to run; so is a name that may not be assigned yet.
 */
export function meaningOf(outline: Outline, name: string, offset: number, branches: Taken = ANY_BRANCH): Meaning {
  const owner = ownerOf(outline, name, offset);
  const bindings = owner?.bindings.get(name);
  if (!owner || !bindings) return { kind: 'unbound' };
  if (bindings.length > MOST_BINDINGS) return { kind: 'open' };
  const isHere = runsWhere(outline, owner, offset);
  const before = bindings.filter(({ to, block }) => !isHere || to <= offset || isInLoopAround(block, offset));
  if (before.length === 0) return { kind: 'unbound' };
  const binding = onlyOne(before, branches);
  const isSet = binding !== null && isSure(binding, offset, branches) && (!isHere || binding.to <= offset);
  if (!isSet || mayBeSetUnseen(outline, binding, offset)) return { kind: 'open' };
  return { kind: 'bound', binding, scope: owner };
}

/** A name that one scope assigns more often is open, because every use of a name looks at all its assignments. */
const MOST_BINDINGS = 200;

/** The scope that a name belongs to at an offset; null where nothing in this text binds the name. */
export function ownerOf(outline: Outline, name: string, offset: number): Scope | null {
  const own = scopeAt(outline, offset);
  for (let scope: Scope | null = own; scope; scope = scope.parent) {
    const owner = scope.globals.has(name) ? outline.module : scope;
    if (owner.bindings.has(name) && (scope.kind !== 'class' || scope === own)) return owner;
  }
  return null;
}

/** The only binding that may happen; imports of one thing count as one. */
function onlyOne(bindings: readonly Binding[], branches: Taken): Binding | null {
  const possible = bindings.filter((binding) => !isLeftOut(binding, branches));
  const [first] = possible;
  const isOne = possible.length === 1 || possible.every(({ path }) => path !== undefined && path === first?.path);
  return first && isOne && !first.isDeferred ? first : null;
}

/** Whether a binding stands in a branch that is not taken. */
function isLeftOut({ block }: Binding, branches: Taken): boolean {
  for (let around = block; around; around = around.parent) if (branches.runs(around)?.holds === false) return true;
  return false;
}

/** Whether the code at `offset` runs in its place among the statements of `scope`, not when a function is called. */
function runsWhere(outline: Outline, scope: Scope, offset: number): boolean {
  let around: Scope | null = scopeAt(outline, offset);
  while (around && around !== scope && around.kind !== 'function') around = around.parent;
  return around === scope;
}

/** Whether a loop around a binding comes back to `offset` after it. */
function isInLoopAround(block: Block | null, offset: number): boolean {
  for (let around = block; around; around = around.parent) {
    if (around.isLoop && offset >= around.from && offset < around.to) return true;
  }
  return false;
}

/** Whether the binding has happened when `offset` is reached: every branch around it is around `offset` too. */
function isSure({ block }: Binding, offset: number, branches: Taken): boolean {
  for (let around = block; around; around = around.parent) {
    if ((offset < around.from || offset >= around.to) && !branches.runs(around)?.holds) return false;
  }
  return true;
}

/** Whether a variable may be set by a name that is not written: `exec`, `import *`. */
function mayBeSetUnseen({ tampering }: Outline, { kind, to }: Binding, offset: number): boolean {
  if (kind === 'import' || kind === 'class' || kind === 'function') return false;
  return tampering.anyName || tampering.stars.some((star) => star > to && star <= offset);
}

/** The options by whose defaults an assignment of a name before `offset` happens, or does not. */
export function chosenBy(outline: Outline, branches: Taken, name: string, offset: number): string[] {
  const options: string[] = [];
  for (const { block, to } of ownerOf(outline, name, offset)?.bindings.get(name) ?? []) {
    for (let around = to <= offset ? block : null; around; around = around.parent) {
      if (offset < around.from || offset >= around.to) options.push(...(branches.runs(around)?.options ?? []));
    }
  }
  return [...new Set(options)];
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
  /** The expressions behind `**`, and behind `*`. */
  spreads: { at: number; value: Expression }[];
  stars: Expression[];
  /** Whether arguments come from a list or dict that is unpacked. */
  isOpen: boolean;
}

/** What a call is given, but for what is unpacked. */
export function givenIn({ positional, keywords }: Pick<Arguments, 'positional' | 'keywords'>): Expression[] {
  return [...positional, ...keywords.map(({ value }) => value)];
}

/** The arguments of a call, apart. */
export function argumentsOf(text: string, call: Expression): Arguments {
  const found: Arguments = { keywords: [], positional: [], spreads: [], stars: [], isOpen: false };
  const list = call.getChild('ArgList');
  const children = list ? childrenOf(list) : [];
  for (let i = 0; i < children.length; i++) {
    const child = children[i];
    if (!child || MARKS.has(child.name) || child.type.isError) continue;
    const next = children[i + 1];
    if (child.name === '*' || child.name === '**') {
      found.isOpen = true;
      if (child.name === '**' && next) found.spreads.push({ at: found.keywords.length, value: next });
      else if (next) found.stars.push(next);
      i += 1;
    } else if (child.name === 'for' || child.name === 'async') break;
    else if (next?.name === 'AssignOp') {
      const value = children[i + 2];
      i += 1;
      if (!value || value.type.isError || MARKS.has(value.name)) continue;
      found.keywords.push({ name: text.slice(child.from, child.to), nameNode: child, value });
      i += 1;
    } else found.positional.push(child);
  }
  return found;
}

const MARKS: ReadonlySet<string> = new Set(['(', ')', ',']);
