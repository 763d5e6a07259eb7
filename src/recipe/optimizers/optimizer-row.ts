import * as l10n from '@vscode/l10n';
import type { ConstantId } from './constants';

/** A constant of a row: how it changes, and its default. */
export interface MovingConstant {
  constant: ConstantId;
  /** Power of c by which it moves. */
  power: number;
  /** The implementation's default, used if neither config nor trainer states a value. */
  default: number;
}

export const moving = (constant: ConstantId, power: number, usual: number): MovingConstant => {
  return { constant, power, default: usual };
};

/**
 * How an optimizer's update behaves when gradient and weights change their units.
 *
 * Let the update be `lr · u(g, w)` with `u(c·g, w/c) = c^(d − e) · u(g, w)`. A factor that starts as `w/c` sees the
 * gradient `c·g`, and follows the original run if `lr' = lr · c^(e − d − 1)`.
 */
export interface OptimizerRow {
  /** Also the key of its step function in src/experiment/optimizers/by-row.ts. */
  id: string;
  title: string;
  /**
   * No power of the scaling keeps the run; `limit` says why. Degrees and powers are those of the most similar
   * optimizer, which `why` names. Only the learning rate of the one plan may use them.
   */
  noRule?: true;
  /** Degree of homogeneity in the gradient. */
  d: number;
  /** Degree of homogeneity in the parameter. */
  e: number;
  /** `coupled`: added to the gradient; `decoupled`: `w -= lr·wd·w`; `none`: the optimizer has no decay. */
  decay: 'coupled' | 'decoupled' | 'none';
  /** Power of c by which weight decay moves; a row states it only if it is not the usual one. */
  decayPower: number;
  constants: readonly MovingConstant[];
  /** Whether a rescaled recipe is the same run in exact arithmetic. */
  exactness: 'exact' | 'nearly' | 'approximate';
  /** Why it is not, for a user; absent if exact. */
  limit?: { code: string; message: string };
  /** It computes steps in bfloat16, so gradients that grow by other factors than powers of two round differently. */
  rounds?: true;
  /** `symmetric`: A and B share state, so both must change alike. Absent: any gauge. */
  gauges?: 'symmetric';
  /** The factor it freezes. A keeps its init, and B takes the whole change of scaling (gauge keep-init). */
  frozen?: 'A';
  /** `fixed`: the optimizer computes its own learning rate; the experiment's learning rate is a factor on it. */
  rate?: 'fixed';
  /**
   * First steps with other degrees: their learning rate changes by a further c^power, which no schedule can express.
   * `until: 'rectified'`: `steps` holds for the usual betas, and early-steps.ts computes it for others.
   */
  early?: { steps: number; power: number; of: 'B' | 'both'; until?: 'rectified' };
  /**
   * Largest eps that only prevents a division by zero, under optimizers that divide by the gradient's size. (Under Adam 1e-6,
   * left alone, costs up to a quarter of the trained weights.)
   */
  guard: number;
  /** One sentence why a factor that starts at zero never learns; absent if it learns. */
  stuck?: string;
  /**
   * Average length of a step over some hundred steps, in learning rates (d = 0) or learning rates × gradients (d = 1);
   * absent if it is about 1, or what momentum gives. The experiment chooses its data by it.
   */
  stride?: number;
  /** One sentence for a newcomer: why the learning rate changes as it does. */
  why: string;
  /** What the implementation uses where neither the config nor the trainer says. */
  defaults: Readonly<OptimizerDefaults>;
  /** Options without a unit, by the experiment's names (`rho`, `centered`), with their defaults. */
  options?: Readonly<Record<string, number>>;
  /** What a checkpoint of PyTorch has of it; absent if no checkpoint of it can be converted. */
  saved?: SavedState;
  /** Paper or source of the degrees. */
  source: string;
}

/** What `optimizer.pt` holds, as `state_dict()` of the optimizer names it. */
export interface SavedState {
  /** The state of a parameter: power of c by which each tensor moves. An average of gradients has 1, one of squares 2. */
  state: Readonly<Record<string, number>>;
  /** The constants of a parameter group, by our names; two of them are the items of a pair. */
  constants?: Readonly<Record<string, ConstantId | readonly ConstantId[]>>;
  /** Switches of a parameter group that the row's rule rests on. */
  switches?: Readonly<Record<string, boolean>>;
}

/** A row as its family writes it, without what most rows have. */
type Usual = 'decayPower' | 'constants' | 'exactness' | 'guard' | 'defaults';
type RowFields = Omit<OptimizerRow, 'id' | Usual> &
  Partial<Pick<OptimizerRow, Exclude<Usual, 'defaults'>>> & { defaults?: Partial<OptimizerDefaults> };

/**
 * What most rows have: coupled decay makes a gradient of weights (c · c); decoupled decay multiplies a learning rate
 * that shrinks by c.
 */
const DECAY_POWER: Readonly<Record<OptimizerRow['decay'], number>> = { coupled: 2, decoupled: 1, none: 0 };
const DEFAULTS: OptimizerDefaults = { learningRate: 1e-3, betas: null, weightDecay: 0, momentum: null };

/**
 * A family of optimizers: its rows by id. The ids of all families are the type `OptimizerId`.
 * @param common what a row has unless it says otherwise
 */
export function family<Common extends Partial<RowFields>, Id extends string>(
  common: Common,
  rows: Readonly<Record<Id, Omit<RowFields, keyof Common> & Partial<RowFields>>>,
): Readonly<Record<Id, OptimizerRow>> {
  const complete = Object.entries<Partial<RowFields>>(rows).map(([id, own]): [string, OptimizerRow] => {
    const row = { ...common, ...own } as RowFields;
    const defaults = { ...DEFAULTS, ...common.defaults, ...own.defaults };
    return [
      id,
      { id, decayPower: DECAY_POWER[row.decay], constants: [], exactness: 'exact', guard: 1e-7, ...row, defaults },
    ];
  });
  return Object.fromEntries(complete) as Record<Id, OptimizerRow>;
}

export interface OptimizerDefaults {
  learningRate: number;
  betas: readonly [number, number] | null;
  weightDecay: number;
  momentum: number | null;
  /** Nesterov momentum; default off. */
  nesterov?: boolean;
}

/** `why` of most rows. @param what the optimizer does to the gradient */
export const scaleFree = (what: string): string =>
  l10n.t`${what}, so a step does not depend on the scaling: the learning rate changes with the init, by √k.`;

/** Power of c in the learning rate of a factor: `lr' = lr · c^lrPower`. */
export const lrPower = ({ d, e }: OptimizerRow): number => e - d - 1;

/** The row's constant of that name, if it has one. */
export const constantOf = (row: OptimizerRow, id: ConstantId): MovingConstant | undefined =>
  row.constants.find(({ constant }) => constant === id);

/** Whether a constant of this value only prevents a division by zero. An eps beside squares counts by its root. */
export const isGuard = (row: OptimizerRow, id: ConstantId, value: number): boolean =>
  row.d <= 0 && id === 'eps' && value ** (1 / (constantOf(row, id)?.power ?? 1)) <= row.guard;
