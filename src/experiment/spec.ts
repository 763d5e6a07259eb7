import { CONSTANT_IDS, type Constants } from '../recipe/optimizers/constants';

/** The numbers one LoRA factor (A or B) of one variant trains with. */
export interface FactorHyper {
  lr: number;
  weightDecay: number;
  /** The optimizer's constants that carry a unit. */
  constants: Constants;
  /** Further factors on the rate of the first steps, where the rule needs them. */
  early?: readonly number[];
}

/** What a variant is there for; the verdict treats each role in its own way. */
export type VariantRole = (typeof VARIANT_ROLES)[number];
export const VARIANT_ROLES = [
  'base',
  'rescaled',
  'as-written',
  'alpha-only',
  'blog-rule',
  'plan',
  'proof',
  'rule',
  'forgetful',
  'twin',
  'control',
] as const;

/** A number that a change of scaling may move. `early`: the learning rate of the first steps. */
export const MOVED_NUMBERS = [
  'init',
  'lr',
  'early',
  'weightDecay',
  'maxGradNorm',
  'maxGradValue',
  ...CONSTANT_IDS,
] as const;
export type MovedNumber = (typeof MOVED_NUMBERS)[number];

/**
 * A number of a variant that differs from the rule: left at the baseline's value, or moved although the rule leaves it.
 */
export interface WrongNumber {
  what: MovedNumber;
  how: (typeof WRONG_WAYS)[number];
}
export const WRONG_WAYS = ['left', 'up', 'down'] as const;

/** One of the runs that train side by side from the same draw. */
export interface VariantSpec {
  /** `base`, `rescaled`, `as-written`, `alpha-only`, `blog-rule`, `control-1` …; unique within a draw. */
  name: string;
  role: VariantRole;
  /** Number of a control or a twin, from 1. */
  number?: number;
  /** Alpha of a variant of a sweep. */
  alpha?: number;
  /** The wrong number of a `forgetful` variant. */
  wrong?: WrongNumber;
  /** Seed of a further draw; absent in the first. */
  seed?: number;
  /** Which of the spec's draws it trains on: an index into `seeds`. */
  draw: number;
  /** Factor in front of B·A. */
  scaling: number;
  /** A and B start from the common draw times these. */
  init: { A: number; B: number };
  /** Its factors times p and q are comparable to the base's. */
  gauge: { p: number; q: number };
  a: FactorHyper;
  b: FactorHyper;
  /** DoRA's magnitudes; they train with A's numbers unless given. */
  m?: FactorHyper;
  /** Every element of the gradient is kept within ± this, before the norm is taken; null = no clipping. */
  maxGradValue: number | null;
  /** Threshold on the global gradient norm; null = no clipping. */
  maxGradNorm: number | null;
  /** Seed by which each element of A moves one unit in the last place; null = untouched. */
  ulpSeed: number | null;
}

export type BackendId = 'cpu' | 'wasm' | 'webgl';

export interface RateSchedule {
  kind: 'constant' | 'linear' | 'cosine';
  /** Steps over which the rate climbs from 0 to its base. */
  warmupSteps: number;
}

/** Where the targets come from and how large the numbers are. */
export interface DataSpec {
  /** `noise`: targets are random numbers; `map`: the frozen layer's output plus a random linear map of the input. */
  target: 'noise' | 'map';
  /** Standard deviation of the inputs. */
  inputScale: number;
  /** Standard deviation of the targets (`noise`), or that of what is to be learned, per unit of input (`map`). */
  targetScale: number;
  /**
   * The unit of what passes between layers: LoRA sees its layer's input times this, and W0 is as much smaller, so that it
   * puts out what it did. Default 1.
   */
  inputUnit?: number;
  /** The unit of the loss: the gradient is this times that of the loss that is told. Default 1. */
  lossUnit?: number;
}

/** Sizes that not every task has. */
export interface TaskSizes {
  /** Width inside the MLP; default 2·width, in the transformer 32. */
  hidden?: number;
  /** Linear layers of the task `mlp`, each with LoRA, default 2; in the transformer blocks, default 1. */
  layers?: number;
  /** Places in a sequence; default 8. */
  sequence?: number;
  /** Attention heads, which share the width; default 2. */
  heads?: number;
  /** Tokens to choose from; default 16. */
  vocabulary?: number;
}

/**
 * The linear layers of a transformer block, as most models call them, in the order in which data passes them; `gate`
 * only where the MLP is gated.
 */
export const PROJECTIONS = ['q', 'k', 'v', 'o', 'gate', 'up', 'down'] as const;
export type Projection = (typeof PROJECTIONS)[number];

/** What a transformer's blocks are like. */
export interface BlockSpec {
  norm: 'layer' | 'rms';
  /** The MLP multiplies by a gate: `Down(act(Gate(x)) · Up(x))`. */
  gated: boolean;
  /** Where LoRA is. */
  targets: readonly Projection[];
  /** Steps the model itself is trained before LoRA is put on it. */
  pretrainSteps: number;
}

/** A search for the one factor on the base's learning rate whose curve lies closest to the base's, in the first draw. */
export interface FitSpec {
  /** Factors are tried from here … */
  from: number;
  /** … to here, … */
  to: number;
  /** … so many at once, evenly in the logarithm; at least two … */
  count: number;
  /** … and then a few around the best, so many times at most. */
  rounds: number;
}

/** What is trained, with which variants. Plain data: it crosses threads. */
export interface ExperimentSpec {
  /** One layer, layers with `tanh` between, or transformer blocks. */
  task: 'linear' | 'mlp' | 'transformer';
  /** Every layer that has LoRA is a DoRA layer. */
  useDora: boolean;
  /** Width of the task's inputs and outputs; in the transformer, of its vectors. */
  width: number;
  /** Rows of a mini-batch; in the transformer, sequences. */
  batch: number;
  /** Mini-batches, taken in turn: step t trains on number (t − 1) mod batches. 1 = the same rows at every step. */
  batches: number;
  /** Rank of the toy's layer; the variants carry the scaling, so it need not be the recipe's. */
  rank: number;
  /** Sizes of the larger tasks. */
  sizes?: TaskSizes;
  /** Of the task `transformer`. */
  block?: BlockSpec;
  data: DataSpec;
  /** `ce`: cross entropy, for the transformer; the others are means over all elements. */
  loss: 'l1' | 'mse' | 'ce';
  /**
   * One a draw. The frozen model is drawn from the first; inputs, targets, A and dropout masks of draw i from seeds[i].
   * A run with one seed has the bits of the first draw of a run with more.
   */
  seeds: readonly number[];
  /** Chance that LoRA does not see an element of a layer's input; the masks are those of the draw, for all variants. */
  dropout: number;
  steps: number;
  optimizer: {
    /** Row of recipe/optimizers. */
    row: string;
    betas: readonly [number, number];
    momentum: number;
    nesterov: boolean;
    /** Further constants without a unit, by the row's own names for them. */
    options: Readonly<Record<string, number>>;
  };
  /** What the clip adds to the norm it divides by (torch: 1e-6). */
  clipEps: number;
  schedule: RateSchedule;
  backend: BackendId | 'auto';
  /** Asks for the learning rate that fits best, beside the variants. */
  fit?: FitSpec;
  variants: readonly VariantSpec[];
}

/** The one learning rate whose curve lies closest to the base's. It is not the same run: `deviation` says how far it is. */
export interface Fit {
  /** Factor on the base's rate. */
  lr: number;
  /** The largest relative deviation of its loss from the base's over the run. */
  deviation: number;
  /** [steps] */
  losses: number[];
}

/** What comes out of a run. Losses are those BEFORE each step, as float32 values. */
export interface RunResult {
  backend: BackendId;
  /** losses[variant][step]; shorter than `steps` when the run was stopped. NaN and infinities are kept. */
  losses: number[][];
  /** Per variant: the largest deviation of p·A, q·B from the base's, relative to the base's largest element; 0 = same bits. */
  weightDeviation: number[];
  /** What a fit found; missing where none was asked for, or no rate gave a finite curve. */
  fit?: Fit;
  /** Only where the device rounds otherwise at another scale, so that equal runs may differ in their last bits. */
  losesBits?: true;
  stopped: boolean;
  ms: number;
}
