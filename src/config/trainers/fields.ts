import type { OptimizerRow } from '../../recipe/optimizers/row';
import type { ReadField } from '../reading';
import type { MapNode, Scalar } from '../syntax/tree';

export type Fields = Partial<Record<ReadField, Source>>;

export interface Network {
  name: string;
  rank: Source;
  alpha: Source;
}

/** Where a value stands, and what it is when it stands nowhere. */
export interface Source {
  /** The first that is stated wins. */
  keys: readonly Key[];
  otherwise?: Otherwise | ((known: Known) => Otherwise | null);
  /** What hands the numbers to the class has this default itself, so the class's own never counts. */
  hasOwnDefault?: true;
  /** Key that is written when none is stated; the last of `keys` unless given. */
  write?: Key;
  /** Neighbours to write a new key behind, best first. */
  beside?: readonly Key[];
  /** Read, but not to be written: the trainer does not take it from a config. */
  fixed?: boolean;
  /** What the pair is whose item this is, where nobody wrote the pair. */
  pair?: readonly [number, number];
}

export interface Key {
  path: readonly string[];
  /** As a person would write it. */
  label: string;
  /** What the trainer makes of the scalar; undefined when it means that nothing is set here. */
  read?: (value: Exclude<Scalar, null>) => Exclude<Scalar, null> | undefined;
}

/** A value nobody wrote. */
export interface Otherwise {
  value: Scalar | readonly [number, number];
  why: string;
}

/** What has been read so far, for defaults that depend on it. */
export interface Known {
  root: MapNode;
  rank: number | null;
  /** The trainer's word for the optimizer, and our row for it. */
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
