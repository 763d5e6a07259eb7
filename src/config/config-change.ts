import type { Field } from '../recipe/plans/plan';
import type { InCell } from './reading';

/** One number that moves, in the words of the file. */
export interface ConfigChange {
  field: Field;
  /** The factor whose number alone moves, in code. */
  of?: 'A' | 'B';
  /** The trainer's key, or `init of A`, `init of B`. */
  key: string;
  /** As it stands, or would be written; null where nobody says. */
  from: string | null;
  /** What `from` comes to where it is a name or an expression: `2e-4` of `lr`. */
  comesTo?: string;
  /** As it will be written; null where nobody says. */
  to: string | null;
  /** The number in `to`. */
  written: number | null;
  /** The number the mathematics asks for. */
  exact: number | null;
  factor: number;
  /** `÷ √k` and the like. */
  law: string;
  why: string;
  /**
   * `file`: it stands there; `default`: nobody wrote it, the trainer's default must now be written down;
   * `code`: the init snippet; `script`: the number is not in this file.
   */
  place: 'file' | 'default' | 'code' | 'script';
  /** One-based; null where it stands on none. */
  line: number | null;
  /** Where it stands in a cell of a notebook. */
  inCell?: InCell;
}

/** What a number is now, as a table says it: `16`, `lr = 2e-4`; null where nobody says. */
export function nowWords({ from, comesTo }: Pick<ConfigChange, 'from' | 'comesTo'>): string | null {
  return comesTo === undefined ? from : `${from} = ${comesTo}`;
}

/** False where the number stays: then the file keeps its own words for it. */
export function isMoved({ field, written, from, factor, exact }: ConfigChange): boolean {
  // Of a rank of 1 the rule makes nothing, but it was asked for.
  if (field === 'useRslora') return true;
  return written !== null && factor !== 1 && !(from !== null && Number(from) === written && exact === written);
}
