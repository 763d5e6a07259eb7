import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { numberIn } from '../../syntax/scalars';
import { isKeyless, mayBeNumber, nodeAt, type Entry, type MapNode, type SyntaxNode } from '../../syntax/tree';
import { isOnOrFilled } from './filled';

/** A map of a trainer's config whose keys reach the LoRA parameters. */
export interface KnownKeys {
  /** Dotted path of the map; empty for the file's own top level. */
  at: string;
  /** Keys that the reader moves, that have no unit, or that have nothing to do with the LoRA parameters. */
  known: ReadonlySet<string>;
  /** If other settings are in the same map: a pattern for the names that matter. */
  like?: RegExp;
}

/** Names of keys about LoRA, the optimizer, the schedule, clipping, or what is trained. */
const NEAR =
  /lora|peft|adapter|optim|(?:^|_)lr(?:_|$)|learning_rate|adam|(?:^|_)beta|epsilon|(?:^|_)eps(?:_|$)|momentum|decay|clip|grad_norm|sched|warmup|(?:^|_)rank|alpha|freez|frozen|trainable|train_\w*(?:bias|emb|head|norm)|trainer_cls|lisa_n_layers|galore|muon|dion/i;

/** Keys that only define an anchor: `x_alpha: &a 16`. */
const HOLDER = /^(?:x[-_]|\.)/;

/** Whether the name of an unknown key suggests that it reaches LoRA. */
export const isNear = (name: string): boolean => NEAR.test(name) && !HOLDER.test(name);

/** Switches that matter when they are false. */
const OFF_IS_MEANT: ReadonlySet<string> = new Set([
  'decoupled_weight_decay',
  'freeze_language_model',
  'freeze_vision_model',
  'freeze_vision_projection',
]);

/** The steps of a dotted path; an empty one is the file's own top level. */
const stepsOf = (at: string): string[] => (at === '' ? [] : at.split('.'));

function entriesAt(root: MapNode, at: string): readonly Entry[] {
  const map = nodeAt(root, stepsOf(at));
  return map?.kind === 'map' ? map.entries : [];
}

/** A key with its value, as not understood. */
export function unread({ keyRange, value }: Entry, why: string, mayMove = mayBeNumber(value)): Unread {
  const range = { start: keyRange.start, end: Math.max(keyRange.end, value.range.end) };
  return { range, why, ...(mayMove ? { mayMove: true as const } : {}) };
}

function unknownWords({ key }: Entry): string {
  return l10n.t`${key} is an unknown key, so its effect on the run is unknown.`;
}

/** Unknown keys of the map, except those that are off or empty. */
export function unknownKeys(root: MapNode, { at, known, like }: KnownKeys): Unread[] {
  return entriesAt(root, at)
    .filter(({ key: name, value }) => !known.has(name) && (like?.test(name) ?? true) && !isOff(value))
    .map((entry) => unread(entry, unknownWords(entry), mayHoldNumber(entry.value)));
}

function isOff(node: SyntaxNode): boolean {
  if (node.kind !== 'scalar') return (node.kind === 'map' ? node.entries : node.items).length === 0;
  // The config file of a command has its own finding.
  if (node.lock?.code === 'config-file') return true;
  return node.unresolved === undefined && /^(?:|null|none|false)$/i.test(String(node.value ?? ''));
}

/** {@link mayBeNumber}, for lists of strings such as `conv_alpha=1`. */
function mayHoldNumber(node: SyntaxNode): boolean {
  return node.kind !== 'scalar' || node.unresolved !== undefined || numberIn(String(node.value)) !== undefined;
}

/** Keys of JSON Schema, which only editors read. */
const OF_EDITORS: ReadonlySet<string> = new Set(['$schema', '$id', '$comment']);

/** Entries of the map at a dotted path that are on and not in `known`. */
function unknownAt(root: MapNode, at: string, known: ReadonlySet<string>): readonly Entry[] {
  return entriesAt(root, at).filter((entry) => {
    const { key: name, isSpread } = entry;
    if (known.has(name) || OF_EDITORS.has(name) || isSpread || isKeyless(entry)) return false;
    return isOnOrFilled(root, { label: name, path: [...stepsOf(at), name] }) || OFF_IS_MEANT.has(name);
  });
}

/**
 * Unknown arguments in blocks that reach the LoRA parameters; a number among them may have to change.
 * @param counts which unknown names count; all of them unless given
 */
export function unknownArguments(
  root: MapNode,
  blocks: Readonly<Record<string, ReadonlySet<string>>>,
  counts: (name: string) => boolean = () => true,
): Unread[] {
  return Object.entries(blocks).flatMap(([block, known]) =>
    unknownAt(root, block, known)
      .filter(({ key: name }) => counts(name))
      .map((entry) => unread(entry, unknownWords(entry))),
  );
}

/**
 * Like {@link unknownArguments}, for blocks that also hold other settings: only keys whose names contain words of LoRA
 * or the optimizer count.
 */
export function unknownNear(root: MapNode, blocks: Readonly<Record<string, ReadonlySet<string>>>): Unread[] {
  return unknownArguments(root, blocks, isNear);
}

/**
 * Keys that a trainer is not known to have. It stops, ignores them, or another version uses them.
 * @param counts which unknown names count; all of them unless given
 */
export function refusedKeys(
  root: MapNode,
  known: ReadonlySet<string>,
  trainer: string,
  counts: (name: string) => boolean = () => true,
): Unread[] {
  return unknownAt(root, '', known)
    .filter(({ key: name }) => counts(name))
    .map((entry) =>
      unread(entry, l10n.t`${trainer} has no known key ${entry.key}, so its effect on the run is unknown.`),
    );
}
