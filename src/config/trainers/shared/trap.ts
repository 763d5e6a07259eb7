import type { PlanId } from '../../../recipe/plans/plan';
import type { FindingCode } from '../../findings/codes';
import type { Finding, GoesOn, Range } from '../../reading';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import type { Key } from './fields';

/** Something about a file that its user should know. */
export interface Trap {
  code: FindingCode;
  /** Severity of the finding; absent if the trap is only shown as a caveat of the plans that it limits. */
  severity?: Exclude<Finding['severity'], 'error'>;
  message: string;
  applies: (root: MapNode) => boolean;
  /** The key, or the part of the tree, to point at; the whole file if absent. */
  at?: Key | ((root: MapNode) => Range | null);
  limits?: 'nearly' | 'approximate';
  /** The plans that the trap limits; all plans if absent. */
  plans?: readonly PlanId[];
  /** The parameters that train with the same learning rate but have no scaling. */
  unscaled?: string;
  /** The trap does not apply to plans that divide A and B by powers of two, which no number format rounds. */
  ifRounding?: true;
  /**
   * The trap does not apply to plans that put A or B into a separate parameter group (`Plan.grouped`). Traps with
   * `unscaled` do not apply to those plans either.
   */
  sharesNumbers?: true;
  /** The run goes on from the trained adapter that `at` names: whose alpha counts. */
  goesOnWith?: GoesOn['alphaOf'];
  /** Where alpha is the adapter's, but another rank is an error. */
  rankOf?: GoesOn['rankOf'];
  /** While the trap applies, the file must not be edited. */
  blocksEdits?: boolean;
  /** Fixes, best first. */
  fixes?: readonly TrapFix[];
}

/** A fix: keys to write and keys to remove. */
export interface TrapFix {
  /** Imperative sentence for the editor: `Remove lora_bias`. */
  title: string;
  set?: readonly { key: Key; literal: string; beside?: readonly Key[] }[];
  remove?: readonly Key[];
  /** The fix that the editor's Auto Fix command takes. */
  preferred?: boolean;
}

/** The place that a trap points at; null for the whole file. */
export function rangeOfTrap({ at }: Trap, root: MapNode): Range | null {
  if (typeof at === 'function') return at(root);
  return at ? (nodeAt(root, at.path)?.range ?? null) : null;
}

/** The trained adapter that the trap is about; null if it is about none, or its place is no plain text. */
export function goesOnFrom({ at, goesOnWith, rankOf }: Trap, root: MapNode): GoesOn | null {
  if (!goesOnWith || !at || typeof at === 'function') return null;
  const from = scalarAt(root, at.path);
  return typeof from === 'string' && from !== '' ? { from, alphaOf: goesOnWith, ...(rankOf && { rankOf }) } : null;
}
