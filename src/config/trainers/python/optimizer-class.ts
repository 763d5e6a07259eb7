import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { ownerOf } from '../../syntax/python/names';
import { callIn, programOf, type MapNode } from '../../syntax/tree';
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

/**
 * Why a call may be of another class: its name stands for several, as in
 * `try: from bitsandbytes.optim import AdamW8bit as AdamW`, `except ImportError: from torch.optim import AdamW`.
 */
export function otherClasses(root: MapNode, map: MapNode): Unread[] {
  const program = programOf(root);
  const name = callIn(map)?.callee ?? '';
  if (!program || CHOSEN.test(name)) return [];
  const { range } = map;
  const bindings = ownerOf(program.outline, name, range.start)?.bindings.get(name) ?? [];
  const classes = new Set(bindings.map(({ path, value }) => path ?? value?.from));
  const isOpen = classes.size > 1 || bindings.some(({ kind }) => kind === 'parameter');
  return isOpen ? [{ range, why: l10n.t('This name may stand for several optimizers.'), mayMove: true }] : [];
}
