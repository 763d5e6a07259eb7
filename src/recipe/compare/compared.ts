import * as l10n from '@vscode/l10n';
import type { QuantityId, QuantityKey } from '../signature';

/** How sentences call both recipes. */
export interface SideNames {
  first: string;
  second: string;
}

export const SIDE_NAMES: SideNames = { first: l10n.t('the first'), second: l10n.t('the second') };

/** Settings that decide a run and that no gauge changes; an option is one of the optimizer alone. */
export type PartKey = SettingKey | `option ${string}`;

export type SettingKey =
  | 'rank'
  | 'optimizer'
  | 'init'
  | 'betas'
  | 'momentum'
  | 'nesterov'
  | 'scheduler'
  | 'warmup'
  | 'dropout'
  | 'stateBits'
  | 'useDora'
  | 'unscaled'
  | 'targetModules'
  | 'embeddings'
  | 'loraBias';

/** One setting or quantity that decides a run, in both recipes. */
export interface ComparedQuantity {
  key: QuantityKey | PartKey;
  /** Which number of the signature it is; null for a setting. */
  quantity: QuantityId | null;
  /** `reach of B`, `decay of A`, `target modules`. */
  name: string;
  /** A number comes from the signature, a word from the recipe; null if the recipe does not say. */
  first: number | string | null;
  second: number | string | null;
  /** Second divided by first; null if there is no ratio. */
  ratio: number | null;
  /** Null if the two cannot be compared. */
  same: boolean | null;
  /** What the difference means, or why the two cannot be compared; empty if there is no difference. */
  why: string;
}
