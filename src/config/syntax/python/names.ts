import { scopeAt, type Outline } from './outline';
import { ownParameters, type Binding, type Expression, type Scope } from './scope';
import { childrenOf } from './bindings';

/** What a name means where it is used. */
export type Meaning =
  | { kind: 'bound'; binding: Binding }
  /** It depends on what happens when the program runs. */
  | { kind: 'open' }
  /** Nothing in this text binds it. */
  | { kind: 'unbound' };

/**
 * What `name` means at `offset`: the one assignment of its scope. A name that is assigned more than once is open, and so
 * is a name that may not be assigned yet.
 */
export function meaningOf(outline: Outline, name: string, offset: number): Meaning {
  const owner = ownerOf(outline, name, offset);
  const bindings = owner?.bindings.get(name);
  if (!owner || !bindings) return { kind: 'unbound' };
  const binding = onlyOne(bindings);
  const isSet = binding && isSure(binding, offset) && (binding.to <= offset || !runsWhere(outline, owner, offset));
  if (!isSet || mayBeSetUnseen(outline, binding, offset)) return { kind: 'open' };
  return { kind: 'bound', binding };
}

/** The scope that a name belongs to at an offset; null where nothing in this text binds the name. */
export function ownerOf(outline: Outline, name: string, offset: number): Scope | null {
  const own = scopeAt(outline, offset);
  for (let scope: Scope | null = own; scope; scope = scope.parent) {
    const owner = scope.globals.has(name) ? outline.module : scope;
    if (owner.bindings.has(name) && (scope.kind !== 'class' || scope === own)) return owner;
  }
  return null;
}

/** The only binding; imports of one thing count as one. */
function onlyOne([first, ...more]: readonly Binding[]): Binding | null {
  const isOne = first && more.every(({ path }) => path !== undefined && path === first.path);
  return isOne && !first.isDeferred ? first : null;
}

/** Whether the code at `offset` runs in its place among the statements of `scope`, not when a function is called. */
function runsWhere(outline: Outline, scope: Scope, offset: number): boolean {
  let around: Scope | null = scopeAt(outline, offset);
  while (around && around !== scope && around.kind !== 'function') around = around.parent;
  return around === scope;
}

/** Whether the binding has happened when `offset` is reached: every branch around it is around `offset` too. */
function isSure({ block }: Binding, offset: number): boolean {
  for (let around = block; around; around = around.parent) {
    if (offset < around.from || offset >= around.to) return false;
  }
  return true;
}

/** Whether a variable may be set by a name that is not written: `exec`, `import *`. */
function mayBeSetUnseen({ tampering }: Outline, { kind, to }: Binding, offset: number): boolean {
  if (kind === 'import' || kind === 'class' || kind === 'function') return false;
  return tampering.anyName || tampering.stars.some((star) => star > to && star <= offset);
}

/** What the calls in this text give the parameter `name` of the function `scope`. */
export function givenTo(text: string, { callsByName }: Outline, scope: Scope, name: string): Expression[] {
  const index = ownParameters(scope).findIndex((parameter) => parameter.name === name);
  // `trainer.train(…)` calls a method, not the function `train` of this text.
  const calls = (callsByName.get(scope.name) ?? []).filter(({ firstChild }) => firstChild?.name === 'VariableName');
  return calls.flatMap((call) => {
    const { keywords, positional } = argumentsOf(text, call);
    return keywords.find((keyword) => keyword.name === name)?.value ?? positional[index] ?? [];
  });
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
    if (!child || MARKS.has(child.name) || child.type.isError) continue;
    const next = children[i + 1];
    if (child.name === '*' || child.name === '**') {
      found.isOpen = true;
      if (child.name === '**' && next) found.spreads.push({ at: found.keywords.length, value: next });
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
