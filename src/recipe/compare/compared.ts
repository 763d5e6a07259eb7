import type { QuantityKey } from '../signature';

/** What decides a run and no gauge touches. */
export type PartKey =
  | 'rank'
  | 'optimizer'
  | 'init'
  | 'betas'
  | 'momentum'
  | 'nesterov'
  | `option ${string}`
  | 'scheduler'
  | 'warmup'
  | 'dropout'
  | 'stateBits'
  | 'useDora'
  | 'unscaled'
  | 'targetModules'
  | 'embeddings';

/** One thing that decides a run, in both recipes. */
export interface Compared {
  key: QuantityKey | PartKey;
  /** A number is that of the signature, words are the recipe's; null where it does not say. */
  first: number | string | null;
  second: number | string | null;
  /** Second divided by first; null where there is none. */
  ratio: number | null;
  /** Null: cannot be compared. */
  same: boolean | null;
  /** What the difference means, or why it cannot be compared; empty where there is none. */
  why: string;
}
