import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { ownerOf } from '../../syntax/python/names';
import { scopeAt } from '../../syntax/python/outline';
import { programOf, type Program } from '../../syntax/tree';
import type { Scope } from '../../syntax/python/scope';
import { callIn, type MapNode } from '../../syntax/tree';
import { isReadOptimizer } from './library-names';
import { bareNode, calleeIs, part } from './tree';

/**
 * Adds the class of an optimizer under `class`: the class that is called, or that is passed to a function that makes an
 * optimizer.
 */
export function withClass(root: MapNode, map: MapNode): MapNode {
  const isMaker = calleeIs(map, /create_loraplus_optimizer$/);
  const given = map.entries.find(({ key }) => key === 'optimizer_cls' || (isMaker && key === '1'))?.value;
  const handed = given?.kind === 'scalar' ? given.unresolved : undefined;
  const called = calleeIs(map, CHOSEN) ? classBehind(root, map) : callIn(map)?.callee;
  const path = isMaker ? handed : called;
  if (path === undefined) return map;
  const start = given?.range ?? map.range;
  return { ...map, entries: [...map.entries, part('class', bareNode(path, start))] };
}

/** The calls that the defaults of options do not skip; all calls if the defaults skip every one. */
export function running<T extends { map: MapNode }>(root: MapNode, calls: readonly T[]): readonly T[] {
  const program = programOf(root);
  const left = calls.filter(({ map }) => program?.leftOutBy(map.range.start) === null);
  return left.length > 0 ? left : calls;
}

/** `optimizer_class(parameters, lr=lr)`: a variable that holds the optimizer's class. */
const CHOSEN = /(?:^|\.)optimizer_(?:class|cls)$/;

/** The class that a variable holds, as its library calls it; undefined where that is open. */
function classBehind(root: MapNode, { range }: MapNode): string | undefined {
  const program = programOf(root);
  let call = program?.tree.resolveInner(range.start, 1) ?? null;
  while (call && (call.name !== 'CallExpression' || call.from !== range.start)) call = call.parent;
  const node = call?.firstChild ? program?.evaluate(call.firstChild) : undefined;
  const path = node?.kind === 'scalar' ? (node.unresolved ?? '') : '';
  return isReadOptimizer(path) && !CHOSEN.test(path) ? path : undefined;
}

/** Why a call may be of another class: its name stands for several, or other options would choose another. */
export function otherClasses(root: MapNode, map: MapNode): Unread[] {
  const program = programOf(root);
  const name = callIn(map)?.callee ?? '';
  if (!program) return [];
  return CHOSEN.test(name) ? chosenByOptions(program, name, map.range.start) : ofSeveral(program, name, map);
}

function chosenByOptions(program: Program, name: string, offset: number): Unread[] {
  const why = l10n.t('It chooses another optimizer.');
  const bindings: Unread[] = [];
  for (let scope: Scope | null = scopeAt(program.outline, offset); scope; scope = scope.parent) {
    for (const { nameRange, value } of scope.bindings.get(name) ?? []) {
      const options = program.leftOutBy(nameRange.start);
      if (!options || options.length === 0 || nameRange.start > offset) continue;
      const range = { start: nameRange.start, end: value?.to ?? nameRange.end };
      bindings.push({ range, why, mayMove: true, leftOutBy: options });
    }
  }
  return bindings;
}

/** `try: from bitsandbytes.optim import AdamW8bit as AdamW`, `except ImportError: from torch.optim import AdamW` */
function ofSeveral({ outline }: Program, name: string, { range }: MapNode): Unread[] {
  const bindings = ownerOf(outline, name, range.start)?.bindings.get(name) ?? [];
  const classes = new Set(bindings.map(({ path, value }) => path ?? value?.from));
  const isOpen = classes.size > 1 || bindings.some(({ kind }) => kind === 'parameter');
  return isOpen ? [{ range, why: l10n.t('This name may stand for several optimizers.'), mayMove: true }] : [];
}
