import type { PlanId } from '../../recipe/plans/plan';
import type { FindingCode } from '../findings/explained/all';
import type { Finding } from '../reading';
import type { MapNode } from '../syntax/tree';
import type { Key } from './fields';

/** A thing about a file its user should know. `limits`: what it makes of a plan's exactness. */
export interface Trap {
  code: FindingCode;
  /** How it is said of the file; absent where it is only said of the plans it limits. */
  severity?: Exclude<Finding['severity'], 'error'>;
  message: string;
  applies: (root: MapNode) => boolean;
  /** Where to point; the whole file unless given. */
  at?: Key;
  limits?: 'nearly' | 'approximate';
  /** The plans it limits; all of them unless given. */
  plans?: readonly PlanId[];
  /** Names what trains with the same rate but has no scaling. */
  unscaled?: string;
  /** It limits no plan that divides A and B by powers of two, which no number format rounds. */
  unlessEven?: true;
  /** It limits no plan that gives one factor a group of its own, nor does what is unscaled. */
  sharesNumbers?: true;
  /** No edit may be made while this applies. */
  blocksEdits?: boolean;
  /** What mends it, best first. */
  fixes?: readonly TrapFix[];
}

/** What mends a trap, as keys to write and to take out. */
export interface TrapFix {
  /** As an order to the editor. */
  title: string;
  set?: readonly { key: Key; literal: string; beside?: readonly Key[] }[];
  remove?: readonly Key[];
  /** The one to take without thinking. */
  preferred?: boolean;
}
