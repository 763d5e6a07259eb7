import * as l10n from '@vscode/l10n';
import type { OptimizerRow } from '../../../recipe/optimizers/optimizer-row';
import type { ReadField } from '../../reading';
import type { MapNode, Scalar } from '../../syntax/tree';

export type Fields = Partial<Record<ReadField, Source>>;

export interface NetworkSources {
  name: string;
  rank: Source;
  alpha: Source;
}

/** The keys of a value, and its default. */
export interface Source {
  /** The first key that the file has wins. None for a value that no config can set ({@link fixedAt}). */
  keys: readonly Key[];
  default?: Default | ((known: ReadSoFar) => Default | null);
  /** The caller of the optimizer's class has its own default, so the default of the class never applies. */
  hasOwnDefault?: true;
  /** Key to write if the file has none of `keys`; by default the last of `keys`. */
  write?: Key;
  /** Neighbours to insert a new key after, best first. */
  beside?: readonly Key[];
  /** Default of the pair (such as betas) that this value is an item of. */
  pair?: readonly [number, number];
}

export interface Key {
  path: readonly string[];
  /** The key as a person would write it. */
  label: string;
  /** Converts the scalar as the trainer does; undefined if the trainer treats it as not set. */
  read?: (value: Exclude<Scalar, null>) => Exclude<Scalar, null> | undefined;
}

/** The default of a value. Its sentence is made from the value (default-words.ts). */
export interface Default {
  value: Scalar | readonly [number, number];
  /** The owner of the default if not the trainer: a library, an optimizer's class. */
  who?: string;
  /** The value in the sentence, if itself it says too little: `every linear layer but the head`. */
  inWords?: string;
  /** The sentence, if the reason is this trainer's alone. */
  why?: string;
}

/** What has been read so far, for defaults that depend on it. */
export interface ReadSoFar {
  root: MapNode;
  rank: number | null;
  /** The trainer's name for the optimizer. */
  optimizer: string | null;
  row: OptimizerRow | null;
}

/** `key('optimizer.lr')`: the key with this dotted path. */
export function key(label: string, read?: Key['read']): Key {
  return { path: label.split('.'), label, ...(read ? { read } : {}) };
}

/** The key that a source would be written to. */
export function writeKey(source: Source): Key | null {
  return source.write ?? source.keys.at(-1) ?? null;
}

/**
 * The key of a value with its default: `field('lora_r', 8)`.
 * @param at the dotted path of its key, or several paths; the first that the file has wins
 * @param value the default of the trainer
 * @param who has this default, if not the trainer
 */
export function field(at: string | readonly string[], value?: Default['value'], who?: string): Source {
  return {
    keys: [at].flat().map((label) => key(label)),
    ...(value === undefined ? {} : { default: { value, ...(who === undefined ? {} : { who }) } }),
  };
}

/** An alpha of 0 stands for the rank in sd-scripts (networks/lora.py) and what was made after it. */
export const zeroIsRank: NonNullable<Key['read']> = (value) => (Number(value) === 0 ? undefined : value);

/** An alpha that follows the rank. */
export function timesRank(times: number) {
  return ({ rank }: ReadSoFar): Default | null => {
    if (rank === null) return null;
    const value = times * rank;
    return { value, inWords: times === 1 ? l10n.t`the rank, ${value}` : l10n.t`${times} × the rank, ${value}` };
  };
}

/** A value that the trainer lets nobody set: `fixedAt({ value: 'cosine' })`. */
export function fixedAt(fallback: NonNullable<Source['default']>): Source {
  return { keys: [], default: fallback };
}
