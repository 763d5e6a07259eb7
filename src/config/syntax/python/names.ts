import * as l10n from '@vscode/l10n';
import { listed } from '../../../recipe/listed';
import type { Where } from '../lines';
import type { Binding } from './bindings';
import { argumentsOf, innermost, lastName, placeId, type Expression, type PythonTree } from './nodes';
import { isHandedOn, ownParameters, scopeAt, type Outline, type Scope } from './outline';
import { unseenIn } from './unseen';

/** What a name means where it is used: its only binding, or `open` if that depends on what happens at run time. */
export type Meaning = { binding: Binding; scope: Scope } | 'open' | 'unbound';

/** What `name` means at `offset`: its one assignment. A name that is assigned more than once is open. */
export function meaningOf(outline: Outline, name: string, offset: number): Meaning {
  const scope = ownerOf(outline, name, offset);
  const bindings = scope?.bindings.get(name) ?? [];
  const [binding] = bindings;
  if (!scope || !binding) return 'unbound';
  // Imports of one thing count as one.
  const isOne = bindings.every((one) => one === binding || (one.path !== undefined && one.path === binding.path));
  const isLater = binding.to > offset && scopeAt(outline, offset) === scope;
  if (!isOne || isLater || binding.isDeferred || !isSure(binding, offset)) return 'open';
  const isName = /^(?:import|class|function)$/.test(binding.kind);
  const isHidden = !isName && outline.stars.some((star) => star > binding.to && star <= offset);
  return isHidden ? 'open' : { binding, scope };
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

/** All bindings of a variable; none of any other expression. */
export function bindingsOfName(text: string, outline: Outline, variable: Expression): readonly Binding[] {
  if (variable.name !== 'VariableName') return [];
  const name = text.slice(variable.from, variable.to);
  return ownerOf(outline, name, variable.from)?.bindings.get(name) ?? [];
}

/** Whether the binding has happened when `offset` is reached: every branch around it is around `offset` too. */
function isSure({ block }: Binding, offset: number): boolean {
  return innermost(block, ({ from, to }) => offset < from || offset >= to) === null;
}

/** Whether code may give the parameter `name` of the function `scope` another value than its default. */
export function isPassed(text: string, outline: Outline, scope: Scope, name: string): boolean {
  const index = ownParameters(scope).findIndex((parameter) => parameter.name === name);
  const isGiven = (call: Expression): boolean => {
    const { keywords, positional, spreads, stars } = argumentsOf(text, call);
    const isOpen = spreads.length > 0 || stars.length > 0;
    return isOpen || positional.length > index || keywords.some((keyword) => keyword.name === name);
  };
  return isHandedOn(text, outline, scope.name) || callsOf(outline, scope).some(isGiven);
}

/** What the calls in this text give the parameter `name` of the function `scope`. */
export function givenTo(text: string, outline: Outline, scope: Scope, name: string): Expression[] {
  const index = ownParameters(scope).findIndex((parameter) => parameter.name === name);
  return callsOf(outline, scope).flatMap((call) => {
    const { keywords, positional } = argumentsOf(text, call);
    return keywords.find((keyword) => keyword.name === name)?.value ?? positional[index] ?? [];
  });
}

/** Calls in this text that may be of the function `scope`. */
export function callsOf({ callsByName }: Outline, scope: Scope): Expression[] {
  // A class calls its `__init__` by its own name.
  const callees = scope.name === '__init__' && scope.parent ? [scope.name, scope.parent.name] : [scope.name];
  const calls = callees.flatMap((callee) => callsByName.get(callee) ?? []);
  // `trainer.train(…)` calls a method, not the function `train` of this text.
  return calls.filter(({ firstChild }) => scope.parent?.kind === 'class' || firstChild?.name === 'VariableName');
}

/** What a function gives back that has no other `return`. */
export function resultOf(text: string, { kind, value }: Binding): Expression | null {
  const isPlain = kind === 'function' && value?.parent?.name !== 'DecoratedStatement';
  const body = isPlain ? value?.getChild('Body') : null;
  const isOne = text.slice(body?.from, body?.to).match(/\b(?:return|yield)\b/g)?.length === 1;
  return body && isOne && body.lastChild?.name === 'ReturnStatement' ? body.lastChild.lastChild : null;
}

/** Beyond this number of uses a value counts as used in unknown places. */
const MOST_USES = 200;
/** The largest number of lines that a sentence names. */
const MOST_LINES = 5;

/** The places that use a variable's value, but to print it; null if unknown. */
export function usesOf(text: string, outline: Outline, name: string, scope: Scope): readonly number[] | null {
  const nodes = outline.variables.get(name) ?? [];
  if (unseenIn(text, outline).readsAny || nodes.length > MOST_USES) return null;
  return nodes.flatMap((node) => {
    const isUse =
      !outline.bound.has(placeId(node)) && !isPrinted(text, node) && ownerOf(outline, name, node.from) === scope;
    return isUse ? [node.from] : [];
  });
}

/** `line 3, line 4 and line 9`: the lines of all places but one; empty if there are none. */
export function linesBesides(places: readonly number[], place: number, where: Where): string {
  const others = places.filter((at) => at !== place).toSorted((a, b) => a - b);
  return listed([...new Set(others.map(where))], MOST_LINES, l10n.t('further places'));
}

/** Whether a use is alpha of the config that another branch of the same `if` makes, so that both change alike. */
export function isOtherAlpha(text: string, tree: PythonTree, at: number, own: Expression): boolean {
  let use = tree.resolveInner(at, 1);
  while (use.parent?.name === 'MemberExpression' && use.parent.from === at) use = use.parent;
  const [mine, others] = [own, use].map((one): Expression[] => {
    const call = one.parent?.name === 'ArgList' ? one.parent.parent : null;
    const isAlpha = call && /Config\([^()]*\blora_alpha\s*=\s*$/.test(text.slice(call.from, one.from));
    const bodies: Expression[] = [];
    for (let node = isAlpha ? call : null; node; node = node.parent) if (node.name === 'Body') bodies.push(node);
    return bodies.filter(({ parent }) => parent?.name === 'IfStatement');
  });
  const isBeside = (one: Expression, other: Expression): boolean =>
    one.parent?.from === other.parent?.from && one.from !== other.from;
  return mine?.some((one) => others?.some((other) => isBeside(one, other))) === true;
}

export function isPrinted(text: string, { parent }: Expression): boolean {
  const call = innermost(parent, ({ name }) => name === 'CallExpression');
  return /^(?:print|pprint|info|debug|warning)$/.test(lastName(text, call?.firstChild));
}
