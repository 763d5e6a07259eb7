import type { Unread } from '../reading';
import { mayBeNumber, nodeAt, type Entry, type MapNode } from '../syntax/tree';
import { isOnOrFilled } from './peft-words';
import { key } from './fields';

/** Names of keys that speak of LoRA, the optimizer, the schedule, clipping, or of what is trained. */
const NEAR =
  /lora|peft|adapter|optim|(?:^|_)lr(?:_|$)|learning_rate|adam|(?:^|_)beta|epsilon|(?:^|_)eps(?:_|$)|momentum|decay|clip|grad_norm|sched|warmup|(?:^|_)rank|alpha|freez|frozen|trainable|train_\w*(?:bias|emb|head|norm)|trainer_cls|galore|muon|dion/i;

/** Keys that hold an anchor for others to take: `x_alpha: &a 16`. */
const HOLDER = /^(?:x[-_]|\.)/;

/** Whether an unknown key of a trainer that takes any may reach LoRA, by its name. */
export const isNear = (name: string): boolean => NEAR.test(name) && !HOLDER.test(name);

/** Switches whose `false` is what they are for. */
const OFF_IS_MEANT: ReadonlySet<string> = new Set([
  'decoupled_weight_decay',
  'freeze_language_model',
  'freeze_vision_model',
  'freeze_vision_projection',
]);

/** Entries of the map at `path` that are switched on and are none of the `known`. */
export function unknownAt(root: MapNode, path: readonly string[], known: ReadonlySet<string>): readonly Entry[] {
  const map = path.length === 0 ? root : nodeAt(root, path);
  if (map?.kind !== 'map') return [];
  return map.entries.filter(
    ({ key: name, home, keyRange }) =>
      !known.has(name) &&
      // What is not the file's own: the words of a command, copies that a reader adds.
      !/^[$*]/.test(name) &&
      !(home === 'fixed' && keyRange.start === keyRange.end) &&
      (isOnOrFilled(map, { ...key(name), path: [name] }) || OFF_IS_MEANT.has(name)),
  );
}

/** A key with its value as a thing that was not understood. */
export function unread({ keyRange, value }: Entry, why: string): Unread {
  const range = { start: keyRange.start, end: Math.max(keyRange.end, value.range.end) };
  return { range, why, ...(mayBeNumber(value) ? { mayMove: true as const } : {}) };
}

/** Unknown arguments in blocks that reach the LoRA parameters; a number among them may have to move. */
export function unknownArguments(root: MapNode, blocks: Readonly<Record<string, ReadonlySet<string>>>): Unread[] {
  return Object.entries(blocks).flatMap(([block, known]) =>
    unknownAt(root, block === '' ? [] : block.split('.'), known).map((entry) =>
      unread(entry, `${entry.key} is not known here; what it does to the run is unknown.`),
    ),
  );
}

/** As {@link unknownArguments}, of blocks that hold much else: there a key counts whose name speaks of LoRA or the optimizer. */
export function unknownNear(root: MapNode, blocks: Readonly<Record<string, ReadonlySet<string>>>): Unread[] {
  return Object.entries(blocks).flatMap(([block, known]) =>
    unknownAt(root, block === '' ? [] : block.split('.'), known)
      .filter(({ key: name }) => isNear(name))
      .map((entry) => unread(entry, `${entry.key} is not known here; what it does to the run is unknown.`)),
  );
}

/**
 * Keys that a trainer is not known to have: it stops, takes no notice, or does something in a version that is not known here.
 * @param counts which unknown names count; all of them unless given
 */
export function refusedKeys(
  root: MapNode,
  known: ReadonlySet<string>,
  trainer: string,
  counts: (name: string) => boolean = () => true,
): Unread[] {
  return unknownAt(root, [], known)
    .filter(({ key: name }) => counts(name))
    .map((entry) => unread(entry, `${trainer} is not known to have ${entry.key}, so what it does is unknown.`));
}
