import type { Caveat, Exactness } from '../caveats/caveat';
import type { Gauge } from '../gauge';
import type { ConstantId } from '../optimizers/row';
import type { Destination } from '../target';

/** Ways to run at another scaling: the three gauges, and the learning rate alone. */
export const PLAN_IDS = ['symmetric', 'keep-init', 'keep-b', 'lr-only'] as const;

export type PlanId = (typeof PLAN_IDS)[number];

/** A hyperparameter that a plan can move. */
export type Field =
  | 'alpha'
  | 'useRslora'
  | 'learningRate'
  | 'loraplusLrRatio'
  | 'weightDecay'
  | 'maxGradNorm'
  | 'maxGradValue'
  | 'init'
  | ConstantId;

/** What a trainer lets its user say, and so what a plan may ask for. */
export interface Knobs {
  /** Fields that the trainer's config, or the user's own script, has a key for. */
  settable: ReadonlySet<Field>;
  /** Those of them that stand in the script, so that their numbers are not known here. */
  inScript?: ReadonlySet<Field>;
  /** What else the trainer does where a LoRA+ ratio is given. */
  loraplus?: LoraplusTraits;
  /** What code can give one factor of its own, in the run's own optimizer; absent where it cannot be reached. */
  groups?: ReadonlySet<Field>;
  /** The trainer refuses an alpha with a fraction. */
  wholeAlpha?: boolean;
}

export interface LoraplusTraits {
  /** Weight decay is not handed on. */
  dropsDecay: boolean;
  /** Vectors (DoRA's magnitudes, biases) go into the group of B; else into that of A. */
  vectorsWithB: boolean;
}

/** One number that moves. `from`, `exact` and `written` are null where the config does not know the number. */
export interface Change {
  field: Field;
  /** The factor whose number alone moves, in code; absent where it is a number of the whole run. */
  of?: 'A' | 'B';
  /** A switch is 0 or 1. */
  from: number | null;
  /** The number the mathematics asks for. */
  exact: number | null;
  /** The number that will be written: `exact`, rounded. */
  written: number | null;
  /** Of the number; for a switch, what it does to the scaling. */
  factor: number;
  /** `÷ √k` and the like. */
  law: string;
}

/** One way to run at another scaling. */
export interface Plan {
  id: PlanId;
  title: string;
  summary: string;
  exactness: Exactness;
  gauge: Gauge;
  /** Power of k by which every trained factor's c moves, where they agree; null where A and B need two numbers. */
  shared: number | null;
  changes: readonly Change[];
  /** Code gives one factor numbers of its own, and nothing else that trains moves. */
  grouped: boolean;
  /** The factor in whose group DoRA's magnitudes train, so that they take its rate. */
  magnitudes: 'A' | 'B';
  /** Factors on the init of A, and of B where it is not zero. 1 = untouched. */
  init: { A: number; B: number };
  /** True where the init has to be rescaled in code, because no config key does it. */
  needsInitCode: boolean;
  /** True where the trainer, once it is given a LoRA+ ratio, trains without the recipe's weight decay. */
  dropsDecay: boolean;
  caveats: readonly Caveat[];
}

export interface Plans {
  /** Factor of the scaling. */
  k: number;
  /** Where the plans lead; the recipe's own place where there is a refusal. */
  target: Destination;
  plans: readonly Plan[];
  /** Why there is no plan, or null. */
  refusal: Caveat | null;
}
