import type { ConstantId } from './constants';

/** What a row of the optimizer table is made of. The rows stand beside it, one file a family. */

/** A constant of a row: how it moves, and what holds where nobody sets it. */
export interface MovingConstant {
  constant: ConstantId;
  /** Power of c by which it moves. */
  power: number;
  /** What the implementation uses where neither the config nor the trainer says. */
  default: number;
}

/**
 * What an optimizer's update does when gradient and parameter change their units.
 *
 * With an update `lr · u(g, w)` and `u(c·g, w/c) = c^(d − e) · u(g, w)`, a factor that starts as
 * `w/c` (and so sees the gradient `c·g`) follows the original run when `lr' = lr · c^(e − d − 1)`.
 */
export interface OptimizerRow {
  /** Also the key of its step function in src/experiment/optimizers/by-row.ts. */
  id: string;
  title: string;
  /**
   * `none`: no power of the scaling keeps its runs, and `limit` says why. Degrees and powers are then those of the
   * optimizer it comes nearest to, which `why` names; the one plan's rate follows them, and nothing else may.
   */
  rule?: 'none';
  /** Degree of homogeneity in the gradient. */
  d: number;
  /** Degree of homogeneity in the parameter. */
  e: number;
  /** `coupled`: added to the gradient; `decoupled`: `w -= lr·wd·w`; `none`: the optimizer has no decay. */
  decay: 'coupled' | 'decoupled' | 'none';
  /** Power of c by which weight decay moves; a row states it only if it is not the usual one. */
  decayPower: number;
  constants: readonly MovingConstant[];
  /** Whether a moved recipe is the same run in exact arithmetic. */
  exactness: 'exact' | 'nearly' | 'approximate';
  /** Why it is not, for a user; absent where it is exact. */
  limit?: { code: string; message: string };
  /** It computes its step in bfloat16, so a gradient that grows by no power of two is rounded otherwise. */
  rounds?: true;
  /** `symmetric`: A and B share a state, so they must move alike. Any gauge unless given. */
  gauges?: 'symmetric';
  /** The factor it does not train. A's init then stays, and the whole change of scaling is B's: the gauge keep-init. */
  frozen?: 'A';
  /** `fixed`: the optimizer sets its own rate and takes none, so the rate of the experiment is a factor on it. */
  rate?: 'fixed';
  /**
   * Steps at the start on which the update has other degrees: there the rate moves by c^power besides. A schedule by
   * factor and step would be needed to say so. `until: 'rectified'`: `steps` is their number at the usual betas, and
   * early-steps.ts says it for others.
   */
  early?: { steps: number; power: number; of: 'B' | 'both'; until?: 'rectified' };
  /** Why a factor that starts at zero never moves under it, and so nothing is learned, as a sentence; absent where it does. */
  stuck?: string;
  /**
   * How far a step goes on the average of some hundred, in learning rates (d = 0) or in learning rates times gradients
   * (d = 1), where that is far from 1 and from what momentum says. The experiment chooses its data by it.
   */
  stride?: number;
  /** One sentence for a newcomer: why the learning rate moves as it does. */
  why: string;
  /** What the implementation uses where neither the config nor the trainer says. */
  defaults: Readonly<OptimizerDefaults>;
  /** Further constants without a unit, by the experiment's names for them (`rho`, `centered`), with their defaults. */
  options?: Readonly<Record<string, number>>;
  /** Paper or source the degrees were read from. */
  source: string;
}

/** A row as its family writes it. */
export type RowFields = Omit<OptimizerRow, 'id' | 'decayPower'> & Partial<Pick<OptimizerRow, 'decayPower'>>;

/** What most rows have: coupled decay makes a gradient of weights (c · c); decoupled decay multiplies a rate that shrinks by c. */
const DECAY_POWER: Readonly<Record<OptimizerRow['decay'], number>> = { coupled: 2, decoupled: 1, none: 0 };

/** A family of optimizers: its rows by id. The ids of all families are the type `OptimizerId`. */
export function family<Id extends string>(rows: Readonly<Record<Id, RowFields>>): Readonly<Record<Id, OptimizerRow>> {
  const complete = Object.entries<RowFields>(rows).map(([id, row]): [string, OptimizerRow] => [
    id,
    { id, ...row, decayPower: row.decayPower ?? DECAY_POWER[row.decay] },
  ]);
  return Object.fromEntries(complete) as Record<Id, OptimizerRow>;
}

export interface OptimizerDefaults {
  learningRate: number;
  betas: readonly [number, number] | null;
  weightDecay: number;
  momentum: number | null;
  /** Nesterov's look-ahead; off unless given. */
  nesterov?: boolean;
}

/** Power of c by which the learning rate of a factor moves: `lr' = lr · c^lrPower`. */
export function lrPower({ d, e }: OptimizerRow): number {
  return e - d - 1;
}

/** The constant of that name, where the row has it. */
export function constantOf(row: OptimizerRow, id: ConstantId): MovingConstant | undefined {
  return row.constants.find(({ constant }) => constant === id);
}

/** An eps up to here only guards a division (1e-6 left alone costs up to a quarter of what is trained), under optimizers that divide by the gradient's size. */
const LARGEST_GUARD = 1e-7;

/** Whether a constant of this value is only there so that nothing is divided by zero. */
export function isGuard({ d }: OptimizerRow, id: ConstantId, value: number): boolean {
  return d <= 0 && id === 'eps' && value <= LARGEST_GUARD;
}
