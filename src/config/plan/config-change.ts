import * as l10n from '@vscode/l10n';
import type { Field } from '../../recipe/plans/plan';
import type { InCell } from '../reading';

/** One change, in the words of the file. */
export interface ConfigChange {
  field: Field;
  /** The factor (A or B) that the change is limited to; code makes such a change. */
  of?: 'A' | 'B';
  /** The trainer's key, or `init of A`, `init of B`. */
  key: string;
  /** The old value as the file has it, or as its default would be written; null if unknown. */
  from: string | null;
  /** The value of `from` if that is a name or an expression: `2e-4` for `lr`. */
  comesTo?: string;
  /** The new value as it will be written; null if unknown. */
  to: string | null;
  /** The number in `to`. */
  written: number | null;
  /** The exact new value, before rounding. */
  exact: number | null;
  factor: number;
  /** `÷ √k` and the like. */
  law: string;
  why: string;
  /**
   * `file`: the value is in the file; `default`: the value is a default of the trainer and must now be written down;
   * `code`: the init snippet; `script`: the number is not in this file.
   */
  place: 'file' | 'default' | 'code' | 'script';
  /** One-based; null if the value is on no line. */
  line: number | null;
  /** The cell and line of a notebook that the value is in. */
  inCell?: InCell;
}

/** The old value as the table shows it: `16`, `lr = 2e-4`; null if unknown. */
export function oldValueWords({ from, comesTo }: Pick<ConfigChange, 'from' | 'comesTo'>): string | null {
  return comesTo === undefined ? from : `${from} = ${comesTo}`;
}

/** The last column of the table: where a number comes from if it is not in the file. */
export const PLACE_WORDS: Readonly<Record<ConfigChange['place'], string>> = {
  file: '',
  default: l10n.t('default'),
  code: l10n.t('in code'),
  script: l10n.t('in your script'),
};

/** Whether the number changes. If not, the file keeps its own spelling of it. */
export function isChanged({ field, written, from, factor, exact }: ConfigChange): boolean {
  // At rank 1 rsLoRA does not change the scaling, but the user asked for the switch.
  if (field === 'useRslora') return true;
  return written !== null && factor !== 1 && !(from !== null && Number(from) === written && exact === written);
}
