import * as v from 'valibot';
import { CONSTANT_IDS } from '../recipe/optimizers/constants';

/** What an experiment is, and what comes out of it. Plain data: it crosses threads, and is checked on arrival. */

const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const integer = v.pipe(v.number(), v.integer());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const positiveInteger = v.pipe(v.number(), v.integer(), v.minValue(1));

/** The numbers one LoRA factor (A or B) of one variant trains with. */
const factorHyper = v.object({
  lr: finite,
  weightDecay: finite,
  /** The optimizer's constants that carry a unit. */
  constants: v.record(v.picklist(CONSTANT_IDS), finite),
  /** Further factors on the rate of the first steps, where the rule needs them. */
  early: v.exactOptional(v.pipe(v.array(finite), v.readonly())),
});
export type FactorHyper = v.InferOutput<typeof factorHyper>;

/** What a variant is there for; the verdict treats each role in its own way. */
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
export type VariantRole = (typeof VARIANT_ROLES)[number];

/** A number that a change of scaling may move. `early`: the learning rate of the first steps. */
const MOVED_NUMBERS = ['init', 'lr', 'early', 'weightDecay', 'maxGradNorm', 'maxGradValue', ...CONSTANT_IDS] as const;
export type MovedNumber = (typeof MOVED_NUMBERS)[number];

/**
 * A number of a variant that differs from the rule: left at the baseline's value, or moved although the rule leaves it.
 */
const wrongNumber = v.object({ what: v.picklist(MOVED_NUMBERS), how: v.picklist(['left', 'up', 'down']) });
export type WrongNumber = v.InferOutput<typeof wrongNumber>;

/** One of the runs that train side by side from the same draw. */
const variantSpec = v.object({
  /** `base`, `rescaled`, `as-written`, `alpha-only`, `blog-rule`, `control-1` …; unique within a draw. */
  name: v.string(),
  role: v.picklist(VARIANT_ROLES),
  /** Number of a control or a twin, from 1. */
  number: v.exactOptional(positiveInteger),
  /** Alpha of a variant of a sweep. */
  alpha: v.exactOptional(finite),
  /** The wrong number of a `forgetful` variant. */
  wrong: v.exactOptional(wrongNumber),
  /** Seed of a further draw; absent in the first. */
  seed: v.exactOptional(finite),
  /** Which of the spec's draws it trains on: an index into `seeds`. */
  draw: count,
  /** Factor in front of B·A. */
  scaling: finite,
  /** A and B start from the common draw times these. */
  init: v.object({ A: finite, B: finite }),
  /** Its factors times p and q are comparable to the base's. */
  gauge: v.object({ p: finite, q: finite }),
  a: factorHyper,
  b: factorHyper,
  /** DoRA's magnitudes; they train with A's numbers unless given. */
  m: v.exactOptional(factorHyper),
  /** Every element of the gradient is kept within ± this, before the norm is taken; null = no clipping. */
  maxGradValue: v.nullable(finite),
  /** Threshold on the global gradient norm; null = no clipping. */
  maxGradNorm: v.nullable(finite),
  /** Seed by which each element of A moves one unit in the last place; null = untouched. */
  ulpSeed: v.nullable(finite),
});
export type VariantSpec = v.InferOutput<typeof variantSpec>;

const backendId = v.picklist(['cpu', 'wasm', 'webgl']);
export type BackendId = v.InferOutput<typeof backendId>;

const rateSchedule = v.object({
  kind: v.picklist(['constant', 'linear', 'cosine']),
  /** Steps over which the rate climbs from 0 to its base. */
  warmupSteps: v.pipe(v.number(), v.minValue(0)),
});
export type RateSchedule = v.InferOutput<typeof rateSchedule>;

/** Where the targets come from and how large the numbers are. */
const dataSpec = v.object({
  /** `noise`: targets are random numbers; `map`: the frozen layer's output plus a random linear map of the input. */
  target: v.picklist(['noise', 'map']),
  /** Standard deviation of the inputs. */
  inputScale: finite,
  /** Standard deviation of the targets (`noise`), or that of what is to be learned, per unit of input (`map`). */
  targetScale: finite,
  /**
   * The unit of what passes between layers: LoRA sees its layer's input times this, and W0 is as much smaller, so that it
   * puts out what it did. Default 1.
   */
  inputUnit: v.exactOptional(finite),
  /** The unit of the loss: the gradient is this times that of the loss that is told. Default 1. */
  lossUnit: v.exactOptional(finite),
});
export type DataSpec = v.InferOutput<typeof dataSpec>;

/** Sizes that not every task has. */
const taskSizes = v.object({
  /** Width inside the MLP; default 2·width, in the transformer 32. */
  hidden: v.exactOptional(positiveInteger),
  /** Linear layers of the task `mlp`, each with LoRA, default 2; in the transformer blocks, default 1. */
  layers: v.exactOptional(positiveInteger),
  /** Places in a sequence; default 8. */
  sequence: v.exactOptional(positiveInteger),
  /** Attention heads, which share the width; default 2. */
  heads: v.exactOptional(positiveInteger),
  /** Tokens to choose from; default 16. */
  vocabulary: v.exactOptional(positiveInteger),
});
export type TaskSizes = v.InferOutput<typeof taskSizes>;

/**
 * The linear layers of a transformer block, as most models call them, in the order in which data passes them; `gate`
 * only where the MLP is gated.
 */
export const PROJECTIONS = ['q', 'k', 'v', 'o', 'gate', 'up', 'down'] as const;
export type Projection = (typeof PROJECTIONS)[number];

/** What a transformer's blocks are like. */
const blockSpec = v.object({
  norm: v.picklist(['layer', 'rms']),
  /** The MLP multiplies by a gate: `Down(act(Gate(x)) · Up(x))`. */
  gated: v.boolean(),
  /** Where LoRA is. */
  targets: v.pipe(v.array(v.picklist(PROJECTIONS)), v.readonly()),
  /** Steps the model itself is trained before LoRA is put on it. */
  pretrainSteps: count,
});
export type BlockSpec = v.InferOutput<typeof blockSpec>;

/** A search for the one factor on the base's learning rate whose curve lies closest to the base's, in the first draw. */
const fitSpec = v.object({
  /** Factors are tried from here … */
  from: positive,
  /** … to here, … */
  to: positive,
  /** … so many at once, evenly in the logarithm; at least two … */
  count: v.pipe(v.number(), v.integer(), v.minValue(2)),
  /** … and then a few around the best, so many times at most. */
  rounds: count,
});
export type FitSpec = v.InferOutput<typeof fitSpec>;

/** What is trained, with which variants. */
export const experimentSpec = v.object({
  /** One layer, layers with `tanh` between, or transformer blocks. */
  task: v.picklist(['linear', 'mlp', 'transformer']),
  /** Every layer that has LoRA is a DoRA layer. */
  useDora: v.boolean(),
  /** Width of the task's inputs and outputs; in the transformer, of its vectors. */
  width: positiveInteger,
  /** Rows of a mini-batch; in the transformer, sequences. */
  batch: positiveInteger,
  /** Mini-batches, taken in turn: step t trains on number (t − 1) mod batches. 1 = the same rows at every step. */
  batches: positiveInteger,
  /** Rank of the toy's layer; the variants carry the scaling, so it need not be the recipe's. */
  rank: positiveInteger,
  /** Sizes of the larger tasks. */
  sizes: v.exactOptional(taskSizes),
  /** Of the task `transformer`. */
  block: v.exactOptional(blockSpec),
  data: dataSpec,
  /** `ce`: cross entropy, for the transformer; the others are means over all elements. */
  loss: v.picklist(['l1', 'mse', 'ce']),
  /**
   * One a draw. The frozen model is drawn from the first; inputs, targets, A and dropout masks of draw i from seeds[i].
   * A run with one seed has the bits of the first draw of a run with more.
   */
  seeds: v.pipe(v.array(integer), v.minLength(1), v.readonly()),
  /** Chance that LoRA does not see an element of a layer's input; the masks are those of the draw, for all variants. */
  dropout: v.pipe(finite, v.minValue(0), v.ltValue(1)),
  steps: positiveInteger,
  optimizer: v.object({
    /** Row of recipe/optimizers. */
    row: v.string(),
    betas: v.pipe(v.tuple([finite, finite]), v.readonly()),
    momentum: finite,
    nesterov: v.boolean(),
    /** Further constants without a unit, by the row's own names for them. */
    options: v.pipe(v.record(v.string(), finite), v.readonly()),
  }),
  /** What the clip adds to the norm it divides by (torch: 1e-6). */
  clipEps: finite,
  schedule: rateSchedule,
  backend: v.union([backendId, v.literal('auto')]),
  /** Asks for the learning rate that fits best, beside the variants. */
  fit: v.exactOptional(fitSpec),
  variants: v.pipe(v.array(variantSpec), v.minLength(1), v.readonly()),
});
export type ExperimentSpec = v.InferOutput<typeof experimentSpec>;

/** A loss; a run that explodes ends in NaN. Channels that speak JSON turn it, and infinities, into null: NaN again. */
const loss = v.pipe(
  v.union([v.number(), v.nan(), v.null()]),
  v.transform((value) => value ?? Number.NaN),
);
export const losses = v.array(v.array(loss));

/** The one learning rate whose curve lies closest to the base's. It is not the same run: `deviation` says how far it is. */
const fit = v.object({
  /** Factor on the base's rate. */
  lr: finite,
  /** The largest relative deviation of its loss from the base's over the run. */
  deviation: loss,
  /** [steps] */
  losses: v.array(loss),
});
export type Fit = v.InferOutput<typeof fit>;

/** What comes out of a run. Losses are those BEFORE each step, as float32 values. */
export const runResult = v.object({
  backend: backendId,
  /** losses[variant][step]; shorter than `steps` when the run was stopped. NaN and infinities are kept. */
  losses,
  /** Per variant: the largest deviation of p·A, q·B from the base's, relative to the base's largest element; 0 = same bits. */
  weightDeviation: v.array(loss),
  /** What a fit found; missing where none was asked for, or no rate gave a finite curve. */
  fit: v.exactOptional(fit),
  /** Only where the device rounds otherwise at another scale, so that equal runs may differ in their last bits. */
  losesBits: v.exactOptional(v.literal(true)),
  stopped: v.boolean(),
  ms: v.number(),
});
export type RunResult = v.InferOutput<typeof runResult>;

/** Where a run trains, and what to know of it. */
export const runStart = v.object({ backend: backendId, note: v.nullable(v.string()) });
