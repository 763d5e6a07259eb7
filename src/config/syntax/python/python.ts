import * as l10n from '@vscode/l10n';
import { Evaluator } from './evaluate';
import { outlineOf, type Outline } from './outline';
import { rangeOf } from './nodes';
import { parseTree } from './parse-tree';
import { unseenIn } from './unseen';
import { lineWords, type Where } from '../lines';
import type { Entry, Lock, MapNode, Parsed, Program, Root } from '../tree';

/**
 * Read Python into trees with the ranges of the source, without running anything: first the module, with an entry for
 * every assignment to a name, every call anywhere (under its callee as it is written) and every function; then every
 * dict literal, and every call that makes a dict, that stands in no other.
 *
 * Names are followed to what they were assigned in this text, and sums are computed; both are locked. What only a run
 * could tell is `unresolved`. Broken code is read as far as it can be.
 */
export function parsePython(text: string, where: Where = lineWords(text)): Parsed {
  const { tree, refusal } = parseTree(text);
  if (!tree) return refusal;
  const outline = outlineOf(tree, text);
  const evaluator = new Evaluator(text, outline, where);
  const entries = [
    ...assignments(text, outline, evaluator),
    ...outline.calls.map((call): Entry => {
      const callee = call.firstChild;
      const keyRange = { start: call.from, end: callee?.to ?? call.from };
      const key = text.slice(keyRange.start, keyRange.end).replace(/\s+/g, '');
      return { key, keyRange, value: evaluator.call(call), home: 'python-argument' };
    }),
    ...outline.scopes.flatMap(({ kind, name, ...place }): Entry[] => {
      const range = rangeOf(place);
      const value: MapNode = { kind: 'map', range, entries: [], tag: { kind: 'function' } };
      return kind === 'function' ? [{ key: `def ${name}`, keyRange: range, value }] : [];
    }),
  ].sort((a, b) => a.keyRange.start - b.keyRange.start);
  const program: Program = {
    ...{ text, tree, outline },
    evaluate: (expression) => evaluator.node(expression),
    path: (callee) => evaluator.path(callee),
  };
  const range = { start: 0, end: text.length };
  const module: MapNode = { kind: 'map', range, entries, tag: { kind: 'module', program } };
  const dicts = outline.dicts.map((dict): Root => ({ node: evaluator.dict(dict) }));
  return { ok: true, roots: [{ node: module }, ...dicts] };
}

const SEVERAL: Lock = {
  code: 'reference',
  message: l10n.t('This variable is set more than once in the script; write the value where it is used.'),
};

/** The module's own variables. Where one is set again, the last counts, as at the end of the script. */
function assignments(text: string, outline: Outline, evaluator: Evaluator): Entry[] {
  const { anyName } = unseenIn(text, outline);
  return [...outline.module.bindings.values()].flatMap((bindings) => {
    const isSure = !anyName && !bindings.some(({ isDeferred }) => isDeferred);
    return bindings.flatMap((binding): Entry[] => {
      const { value, kind, name, nameRange, block, from, to } = binding;
      if (!value || kind !== 'assigned' || !/^\w+$/.test(name)) return [];
      const node = isSure ? evaluator.node(value) : evaluator.unresolved(value);
      const isOnly = bindings.length === 1 && block === null;
      const own = isOnly || node.kind !== 'scalar' ? node : { ...node, lock: node.lock ?? SEVERAL };
      // A neighbour can stand below `name = value` on its own line, not below `a = b = value`.
      const home = nameRange.start === from && value.to === to ? 'python-statement' : undefined;
      return [{ key: name, keyRange: nameRange, value: own, home }];
    });
  });
}
