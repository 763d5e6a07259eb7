import type { Caveat, Exactness } from '../caveats/caveat';
import type { Gauge } from '../gauge';
import type { ConstantId } from '../optimizers/constants';
import type { Destination, TargetLimits } from '../target';

/** The plans: the three gauges, and the learning rate alone. */
export const PLAN_IDS = ['symmetric', 'keep-init', 'keep-b', 'lr-only'] as const;

export type PlanId = (typeof PLAN_IDS)[number];

/** A hyperparameter that a plan can move. */
export type Field =
  | 'rank'
  | 'alpha'
  | 'useRslora'
  | 'learningRate'
  | 'loraplusLrRatio'
  | 'weightDecay'
  | 'maxGradNorm'
  | 'maxGradValue'
  | 'init'
  | ConstantId;

/** What a user of the trainer can set, and so what a plan may change. */
export interface TrainerSupport {
  /** Fields that have a key in the trainer's config or in the user's own script. */
  settable: ReadonlySet<Field>;
  /** The settable fields that the script sets, so that their numbers are unknown here. */
  inScript?: ReadonlySet<Field>;
  /** Side effects of a LoRA+ ratio in this trainer. */
  loraplus?: LoraplusTraits;
  /** Fields that code can set for one factor in the run's own optimizer; absent if code cannot reach that optimizer. */
  groups?: ReadonlySet<Field>;
  /** The trainer accepts only whole numbers as alpha. */
  wholeAlpha?: boolean;
}

export interface LoraplusTraits {
  /** The trainer ignores weight decay. */
  dropsDecay: boolean;
  /** Whether vectors (DoRA's magnitudes, biases) are in B's parameter group; if not, they are in A's. */
  vectorsWithB: boolean;
}

/** One change. `from`, `exact` and `written` are null if the config does not have the number. */
export interface Change {
  field: Field;
  /** The factor (A or B) that the change is limited to, by code; absent if the number is for the whole run. */
  of?: 'A' | 'B';
  /** A switch is 0 or 1. */
  from: number | null;
  /** The exact new value, before rounding. */
  exact: number | null;
  /** The new value as it will be written: `exact`, rounded. */
  written: number | null;
  /** New value / old value; for a switch, new scaling / old scaling. */
  factor: number;
  /** `÷ √k` and the like. */
  law: string;
}

/** A set of changes that moves a recipe to the target. */
export interface Plan {
  id: PlanId;
  title: string;
  summary: string;
  exactness: Exactness;
  gauge: Gauge;
  /** Power of k by which the c of every trained factor moves; null if A and B have different powers. */
  shared: number | null;
  changes: readonly Change[];
  /** Code puts one factor into a separate parameter group, and the numbers of all other trained parameters stay. */
  grouped: boolean;
  /** The factor (A or B) whose parameter group, and so learning rate, DoRA's magnitudes share. */
  magnitudes: 'A' | 'B';
  /** What the init of A, and of B if it is not zero, is multiplied by. 1 = unchanged. */
  init: { A: number; B: number };
  /** Whether code must rescale the init because no config key does. */
  needsInitCode: boolean;
  /** Whether the trainer ignores the recipe's weight decay once a LoRA+ ratio is set. */
  dropsDecay: boolean;
  caveats: readonly Caveat[];
}

export interface Plans {
  /** k: new scaling / old scaling. */
  k: number;
  /** The target of the plans; the recipe's own place if the target is refused. */
  target: Destination;
  plans: readonly Plan[];
  /** What the trainer lets a target be. */
  limits: TargetLimits;
  /** Why there is no plan, or null. */
  refusal: Caveat | null;
}

/** The numbers people came for, in the order in which they are shown large. */
const LARGE: readonly Field[] = ['learningRate', 'loraplusLrRatio', 'rank', 'alpha', 'init'];

/** Splits changes into those of {@link LARGE} and the rest. A change of only A or B (`isOfFactor`) is in the rest. */
export function largeAndRest<Row extends { field: string }>(
  all: readonly Row[],
  isOfFactor: (row: Row) => boolean,
): [large: Row[], rest: Row[]] {
  const large = LARGE.flatMap((field) => all.find((row) => row.field === field && !isOfFactor(row)) ?? []);
  return [large, all.filter((row) => !large.includes(row))];
}
