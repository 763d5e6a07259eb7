import * as v from 'valibot';
import { CONSTANT_IDS } from '../recipe/optimizers/constants';
import { PLAN_IDS } from '../recipe/plans/plan';

/** What an experiment is, and what comes out of it. Plain data: it crosses threads, and is checked on arrival. */

const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(finite, v.gtValue(0));
const integer = v.pipe(v.number(), v.integer());
const count = v.pipe(integer, v.minValue(0));
const positiveInteger = v.pipe(integer, v.minValue(1));

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

/** The purpose of a variant, which decides how the verdict treats it. */
const RUNS = ['base', 'rescaled', 'as-written', 'alpha-only', 'blog-rule', 'plan', 'proof', 'rule'] as const;
export const VARIANT_ROLES = [...RUNS, 'wrong-number', 'rounded-rule', 'control'] as const;
export type VariantRole = (typeof VARIANT_ROLES)[number];

/** A number that a change of scaling may change. `early`: the learning rate of the first steps. */
const MOVED_NUMBERS = ['init', 'lr', 'early', 'weightDecay', 'maxGradNorm', 'maxGradValue', ...CONSTANT_IDS] as const;
export type MovedNumber = (typeof MOVED_NUMBERS)[number];

/** A number that differs from the rule: left at the baseline's value, or moved although the rule leaves it. */
const wrongNumber = v.object({ what: v.picklist(MOVED_NUMBERS), how: v.picklist(['left', 'up', 'down']) });
export type WrongNumber = v.InferOutput<typeof wrongNumber>;

/** The divisors of the learning rate that people try if no rule is known: 1, √k and k. */
const triedRate = v.picklist(['one', 'root', 'k']);
export type TriedRate = v.InferOutput<typeof triedRate>;

/** One of the runs that train side by side from the same draw. */
const variantSpec = v.object({
  /** `base`, `rescaled`, `as-written`, `control-1` …; unique within a draw. */
  name: v.string(),
  role: v.picklist(VARIANT_ROLES),
  /** Number of a `control` or a `rounded-rule`, from 1. */
  number: v.exactOptional(positiveInteger),
  /** Alpha of a variant of a sweep. */
  alpha: v.exactOptional(finite),
  plan: v.exactOptional(v.picklist(PLAN_IDS)),
  triedRate: v.exactOptional(triedRate),
  /** Set on `rescaled` if no rule is known for the optimizer, so nothing confirms the plan. */
  withoutRule: v.exactOptional(v.literal(true)),
  wrong: v.exactOptional(wrongNumber),
  /** Name of the config that it trains, in a comparison of two. */
  config: v.exactOptional(v.string()),
  /** Seed of a further draw; absent in the first. */
  seed: v.exactOptional(finite),
  /** Which of the spec's draws it trains on: an index into `seeds`. */
  draw: count,
  /** Factor in front of B·A. */
  scaling: finite,
  /** Factors on the common draw of A and B. */
  init: v.object({ A: finite, B: finite }),
  /** p·A and q·B are comparable with the baseline's A and B. */
  gauge: v.object({ p: finite, q: finite }),
  a: factorHyper,
  b: factorHyper,
  /** Hyperparameters of DoRA's magnitudes; default: A's. */
  m: v.exactOptional(factorHyper),
  /** A's first rows, which are repeated to fill the rank; default: every row is its own. */
  rows: v.exactOptional(positiveInteger),
  /** For each element of the gradient, applied before the norm; null = no clipping. */
  maxGradValue: v.nullable(finite),
  /** For the norm of the whole gradient; null = no clipping. */
  maxGradNorm: v.nullable(finite),
  /** Seed of a control: each element of A moves by one unit in the last place; null = none. */
  ulpSeed: v.nullable(finite),
});
export type VariantSpec = v.InferOutput<typeof variantSpec>;

const backendId = v.picklist(['cpu', 'wasm', 'webgl']);
export type BackendId = v.InferOutput<typeof backendId>;

const rateSchedule = v.object({
  kind: v.picklist(['constant', 'linear', 'cosine']),
  /** Steps of linear warm-up from 0. */
  warmupSteps: v.pipe(v.number(), v.minValue(0)),
});
export type RateSchedule = v.InferOutput<typeof rateSchedule>;

/** The source of the targets, and the size of the numbers. */
const dataSpec = v.object({
  /** `noise`: targets are random numbers; `map`: the frozen layer's output plus a random linear map of the input. */
  target: v.picklist(['noise', 'map']),
  /** Standard deviations: of the inputs; of the targets (`noise`), or of the map to learn per unit of input (`map`). */
  inputScale: finite,
  targetScale: finite,
  /** LoRA sees its layer's input times this, while W0 is divided by it, so its output stays. Default 1. */
  inputUnit: v.exactOptional(finite),
  /** Gradients are multiplied by this, the reported loss is not. Default 1. */
  lossUnit: v.exactOptional(finite),
});
export type DataSpec = v.InferOutput<typeof dataSpec>;

/** Optional sizes of the tasks `mlp` and `transformer`. */
const taskSizes = v.object({
  /** Width inside the MLP; default 2·width, in the transformer 32. */
  hidden: v.exactOptional(positiveInteger),
  /** Linear layers of the task `mlp`, each with LoRA, default 2; in the transformer blocks, default 1. */
  layers: v.exactOptional(positiveInteger),
  /** Tokens of a sequence; default 8. */
  sequence: v.exactOptional(positiveInteger),
  /** Attention heads, which share the width; default 2. */
  heads: v.exactOptional(positiveInteger),
  /** Tokens to choose from; default 16. */
  vocabulary: v.exactOptional(positiveInteger),
});

/** The linear layers of a transformer block in the order in which data passes them; `gate` only where it is gated. */
export const PROJECTIONS = ['q', 'k', 'v', 'o', 'gate', 'up', 'down'] as const;
export type Projection = (typeof PROJECTIONS)[number];

/** The blocks of a transformer: their norm and layers, those that have LoRA, steps of pretraining. */
const blockSpec = v.object({
  norm: v.picklist(['layer', 'rms']),
  /** The MLP multiplies by a gate: `Down(act(Gate(x)) · Up(x))`. */
  gated: v.boolean(),
  targets: v.pipe(v.array(v.picklist(PROJECTIONS)), v.readonly()),
  pretrainSteps: count,
});
export type BlockSpec = v.InferOutput<typeof blockSpec>;

/**
 * `count` factors on the baseline's rate, from `from` to `to` evenly in the logarithm, of which the closest is wanted.
 */
const fitSpec = v.object({ from: positive, to: positive, count: v.pipe(integer, v.minValue(2)) });
export type FitSpec = v.InferOutput<typeof fitSpec>;

/** The experiment: what is trained, and with which variants. */
export const experimentSpec = v.object({
  /** One layer, an MLP with `tanh`, or transformer blocks. */
  task: v.picklist(['linear', 'mlp', 'transformer']),
  /** Whether layers with LoRA are DoRA layers. */
  useDora: v.boolean(),
  /** Width of inputs and outputs; in the transformer, of its vectors. */
  width: positiveInteger,
  /** Rows of a mini-batch; in the transformer, sequences. */
  batch: positiveInteger,
  /** Number of mini-batches, used in turn: step t trains on number (t − 1) mod batches. */
  batches: positiveInteger,
  /** Rank of the toy's layers; it need not be the recipe's, because variants carry the scaling. */
  rank: positiveInteger,
  /** The A of a smaller rank is the first rows of this one, on the same data. */
  nested: v.exactOptional(v.literal(true)),
  sizes: v.exactOptional(taskSizes),
  block: v.exactOptional(blockSpec),
  data: dataSpec,
  /** `ce`: cross entropy, for the transformer; the others are means over all elements. */
  loss: v.picklist(['l1', 'mse', 'ce']),
  /**
   * One seed for each draw. The frozen model comes from the first seed; inputs, targets, A and dropout masks of draw i
   * come from seeds[i]. The first draw's bits do not depend on the number of seeds.
   */
  seeds: v.pipe(v.array(integer), v.minLength(1), v.readonly()),
  /** Dropout probability of LoRA's inputs. The masks belong to the draw and are the same for all variants. */
  dropout: v.pipe(finite, v.minValue(0), v.ltValue(1)),
  steps: positiveInteger,
  optimizer: v.object({
    /** Row of recipe/optimizers. */
    row: v.string(),
    betas: v.pipe(v.tuple([finite, finite]), v.readonly()),
    momentum: finite,
    nesterov: v.boolean(),
    /** Options without a unit, by the row's names. */
    options: v.pipe(v.record(v.string(), finite), v.readonly()),
  }),
  /** Added to the norm that clipping divides by (torch: 1e-6). */
  clipEps: finite,
  schedule: rateSchedule,
  backend: v.union([backendId, v.literal('auto')]),
  /** Also try the learning rate alone. */
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

/**
 * The tried learning rate whose curve is closest to the baseline's, as a factor on the baseline's. It is not the same
 * run; `deviation` is the largest relative deviation of its loss.
 */
const fit = v.object({ lr: finite, deviation: loss, losses: v.array(loss) });
export type Fit = v.InferOutput<typeof fit>;

/** The result of a run. Losses are those before each step, as float32 values. */
export const runResult = v.object({
  backend: backendId,
  /** losses[variant][step]; shorter than `steps` when the run was stopped. NaN and infinities are kept. */
  losses,
  /** Absent if none was asked for, or no rate gave a finite curve. */
  fit: v.exactOptional(fit),
  /** Set if the device rounds differently at another scale, so that equal runs may differ in their last bits. */
  losesBits: v.exactOptional(v.literal(true)),
  stopped: v.boolean(),
  ms: v.number(),
});
export type RunResult = v.InferOutput<typeof runResult>;

/** A run with the weights it ended with: weights[variant][matrix], row-major, as p·A and q·B; none if it was cut off. */
export const trainedRun = v.object({ ...runResult.entries, weights: v.array(v.array(v.instance(Float64Array))) });
export type TrainedRun = v.InferOutput<typeof trainedRun>;

/** Where a run trains, and what to know of it. */
export const runStart = v.object({ backend: backendId, note: v.nullable(v.string()) });
