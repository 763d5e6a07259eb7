import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { numberIn } from '../../syntax/scalars';
import { callIn, entryAt, isKeyless, mayBeNumber, nodeAt, type Entry, type MapNode } from '../../syntax/tree';
import type { SyntaxNode } from '../../syntax/tree';
import type { Key } from './fields';

/** Names of keys; `vllm_*` stands for all that begin so. */
export interface Names {
  has: (name: string) => boolean;
}

/** The names in strings, separated by white space, and those of other lists. */
export function names(...lists: readonly (string | Names)[]): Names {
  const words = lists.flatMap((list) => (typeof list === 'string' ? list.trim().split(/\s+/) : []));
  const others = lists.filter((list) => typeof list !== 'string');
  const beginnings = words.filter((word) => word.endsWith('*')).map((word) => word.slice(0, -1));
  const whole = new Set(words);
  return {
    has: (name) =>
      whole.has(name) || beginnings.some((word) => name.startsWith(word)) || others.some((other) => other.has(name)),
  };
}

/**
 * Arguments of the classes of torch.optim, bitsandbytes and torchao that are numbers of a row, or have no unit.
 * @see torch 2.13, bitsandbytes 0.50, torchao (the signatures of their optimizers)
 */
export const OPTIMIZER_ARGUMENTS = names(`
  _component_ _target_ adam_w_mode adjust_lr_fn alpha amsgrad beta2_decay betas bf16_stochastic_round bias_correction
  block_size block_wise capturable centered clip_threshold d dampening decay_rate decoupled_weight_decay differentiable
  eps etas foreach fused initial_accumulator_value is_paged lambd lr lr_decay max_unorm maximize min_8bit_size
  minimal_size momentum momentum_decay nesterov ns_coefficients ns_steps offload_gradients optim_bits optimizer_class
  percentile_clipping relative_step rho scale_parameter step_sizes t0 t_alpha t_beta3 type warmup_init weight_decay
`);

/** Whether the key has a value: not null, false or empty. A call without arguments and an unresolved flag count. */
export function isFilled(root: MapNode, { path }: Pick<Key, 'path'>): boolean {
  const entry = entryAt(root, path);
  const node = nodeAt(root, path);
  if (!node) return false;
  if (entry?.home === 'shell-flag' && node.kind === 'scalar') {
    if (node.unresolved !== undefined) return true;
    // A flag without a value is not filled.
    if (node.lock?.code === 'switch') return false;
  }
  if (node.kind === 'scalar') return node.value !== null && node.value !== false && node.value !== '';
  return node.kind === 'list' ? node.items.length > 0 : callIn(node) !== null || node.entries.length > 0;
}

/** Like {@link isFilled}, for a switch: the flag alone turns it on. */
export function isOnOrFilled(root: MapNode, where: Pick<Key, 'path'>): boolean {
  const node = nodeAt(root, where.path);
  return (node?.kind === 'scalar' && node.value === true) || isFilled(root, where);
}

/** A map of a trainer's config whose keys reach the LoRA parameters. */
export interface KnownKeys {
  /** Dotted path of the map; empty for the file's own top level. */
  at: string;
  /** Keys that the reader moves, that have no unit, or that have nothing to do with the LoRA parameters. */
  known: Names;
  /** If other settings are in the same map: a pattern for the names that matter. */
  like?: RegExp;
}

/** Names of keys about LoRA, the optimizer, the schedule, clipping, or what is trained. */
const NEAR =
  /lora|peft|adapter|optim|(?:^|_)lr(?:_|$)|learning_rate|adam|(?:^|_)beta|epsilon|(?:^|_)eps(?:_|$)|momentum|decay|clip|grad_norm|sched|warmup|(?:^|_)rank|alpha|freez|frozen|trainable|train_\w*(?:bias|emb|head|norm)|trainer_cls|lisa_n_layers|galore|muon|dion/i;

/** Keys that only define an anchor: `x_alpha: &a 16`. */
const HOLDER = /^(?:x[-_]|\.)/;

/** Switches that matter when they are false. */
const OFF_IS_MEANT = names('decoupled_weight_decay freeze_language_model freeze_vision_model freeze_vision_projection');

/** Keys of JSON Schema, which only editors read. */
const OF_EDITORS = names('$schema $id $comment');

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

const unknownWords = ({ key }: Entry): string => l10n.t`${key} is an unknown key, so its effect on the run is unknown.`;

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

/** Entries of the map at a dotted path that are on and not in `known`. */
function unknownAt(root: MapNode, at: string, known: Names): readonly Entry[] {
  return entriesAt(root, at).filter((entry) => {
    const { key: name, isSpread } = entry;
    if (known.has(name) || OF_EDITORS.has(name) || isSpread || isKeyless(entry)) return false;
    return isOnOrFilled(root, { path: [...stepsOf(at), name] }) || OFF_IS_MEANT.has(name);
  });
}

type Blocks = Readonly<Record<string, Names>>;

/** Unknown arguments in blocks that reach the LoRA parameters; a number among them may have to change. */
export function unknownArguments(root: MapNode, blocks: Blocks, counts = (_: string): boolean => true): Unread[] {
  return Object.entries(blocks).flatMap(([block, known]) =>
    unknownAt(root, block, known)
      .filter(({ key: name }) => counts(name))
      .map((entry) => unread(entry, unknownWords(entry))),
  );
}

/** Whether the name of an unknown key suggests that it reaches LoRA. */
const isNear = (name: string): boolean => NEAR.test(name) && !HOLDER.test(name);

/** Like {@link unknownArguments}, for blocks that also hold other settings: only names of LoRA or the optimizer count. */
export const unknownNear = (root: MapNode, blocks: Blocks): Unread[] => unknownArguments(root, blocks, isNear);

/**
 * Keys that a trainer is not known to have. It stops, ignores them, or another version uses them.
 * @param which `near`: only names of LoRA or the optimizer count
 */
export function refusedKeys(root: MapNode, known: Names, trainer: string, which: 'all' | 'near' = 'all'): Unread[] {
  return unknownAt(root, '', known)
    .filter(({ key: name }) => which === 'all' || isNear(name))
    .map((entry) =>
      unread(entry, l10n.t`${trainer} has no known key ${entry.key}, so its effect on the run is unknown.`),
    );
}
