import type { ConstantId } from './optimizers/constants';

/** How alpha and rank become the factor in front of B·A: alpha/r, alpha/√r, or the number itself. */
export type ScalingRule = 'standard' | 'rslora' | 'direct';

/** Where the init of A (and of B, where it is not zero) comes from, in the words of the field. */
export type InitMethod =
  | 'kaiming-uniform'
  | 'uniform'
  | 'gaussian'
  | 'random-b'
  | 'pissa'
  | 'olora'
  | 'loftq'
  | 'eva'
  | 'corda'
  | 'orthogonal'
  | 'lora-ga'
  | 'xavier-normal'
  | 'normal'
  | 'mica';

/** The optimizer of a run. `null` = nobody says; fields a given optimizer has no use for stay null. */
export interface OptimizerSettings {
  /** The trainer's own word, such as `adamw_torch_fused`. */
  name: string | null;
  /** The row of our table it stands for, or null when we know no rule for it. */
  row: string | null;
  /** Why no rule is known for `name`, as a sentence; absent where one is, or nobody names an optimizer. */
  unknown?: string;
  /** Keeps its states in 8 bits or fewer. */
  quantized?: boolean;
  betas: readonly [number, number] | null;
  eps: number | null;
  weightDecay: number | null;
  momentum: number | null;
  nesterov: boolean | null;
  /** Constants with a unit beside eps, where somebody says. */
  constants: Readonly<Partial<Record<Exclude<ConstantId, 'eps'>, number>>>;
  /** Constants without a unit, by the names of the row's `options`, where somebody says. */
  options: Readonly<Record<string, number>>;
}

/** Every hyperparameter that decides a LoRA run. `null` = nobody says. */
export interface Recipe {
  /** The network or module pattern this recipe is for; `lora` where a file holds just one. */
  name: string;
  /** Columns of A's output, rows of B's input; an integer ≥ 1. */
  rank: number;
  /** The numerator of the scaling. Equal to `scaling` under the `direct` rule. */
  alpha: number;
  scalingRule: ScalingRule;
  /** A constant of the trainer's in front of the rule, beside alpha: s = multiplier · alpha/r. 1 where absent. */
  multiplier?: number;
  /** The factor in front of B·A; always `scalingOf(scalingRule, alpha, rank, multiplier)`. */
  scaling: number;
  useDora: boolean;
  /** The base learning rate, before a schedule. */
  learningRate: number | null;
  /** Learning rate of A, where it is set apart from the base. */
  lrA: number | null;
  /** Learning rate of B, where it is set apart from the base. */
  lrB: number | null;
  /** LoRA+: learning rate of B divided by that of A. */
  loraplusLrRatio: number | null;
  optimizer: OptimizerSettings;
  /** Global-norm gradient clipping; 0 = off. */
  maxGradNorm: number | null;
  /** Threshold on each element of the gradient (`clip_grad_value_`); absent, null or 0 = off. */
  maxGradValue?: number | null;
  scheduler: string | null;
  /** Steps when ≥ 1, a fraction of the run below 1. */
  warmup: number | null;
  dropout: number | null;
  init: InitMethod | null;
  targetModules: readonly string[] | string | null;
  /** What else trains with the same learning rate but has no scaling: whole modules, the model's own biases. */
  unscaled?: readonly string[];
  /** B has a bias of its own. */
  loraBias?: boolean;
}

/** What a recipe says of a constant of its optimizer, or null. */
export function statedConstant({ eps, constants }: OptimizerSettings, id: ConstantId): number | null {
  return id === 'eps' ? eps : (constants[id] ?? null);
}

/** A value that cannot be a recipe's; the message says what is wrong and what would be right. */
export class RecipeError extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
    this.name = 'RecipeError';
  }
}

/**
 * The scaling s in `y = W0·x + s·B·A·x`. The one place where it is computed.
 * @throws RecipeError when rank or alpha cannot give a usable scaling
 * @see https://arxiv.org/abs/2106.09685 (alpha/r), https://arxiv.org/abs/2312.03732 (alpha/√r)
 */
export function scalingOf(rule: ScalingRule, alpha: number, rank: number, multiplier = 1): number {
  checkRank(rank);
  checkAlpha(alpha);
  if (rule === 'direct') return multiplier * alpha;
  return (multiplier * alpha) / (rule === 'rslora' ? Math.sqrt(rank) : rank);
}

/**
 * The alpha that gives `scaling` under `rule` at `rank`: the inverse of {@link scalingOf}.
 * @throws RecipeError when there is no usable one
 */
export function alphaFor(rule: ScalingRule, scaling: number, rank: number, multiplier = 1): number {
  checkRank(rank);
  const alpha = (rule === 'direct' ? scaling : scaling * (rule === 'rslora' ? Math.sqrt(rank) : rank)) / multiplier;
  // Its own rounding must not push an alpha that scalingOf takes out of bounds.
  const nearest = Math.min(MAX_ALPHA, Math.max(MIN_ALPHA, alpha));
  if (!(Math.abs(alpha / nearest - 1) < 1e-12)) {
    throw new RecipeError('scaling', `scaling is ${scaling}; with rank ${rank} it takes an alpha from 1e-6 to 1e6`);
  }
  return nearest;
}

/** Beyond these bounds, products of scaling and learning rate leave float32. */
export const MIN_ALPHA = 1e-6;
export const MAX_ALPHA = 1e6;
const MAX_RANK = 65536;

/** The bounds of an alpha, in words. */
export const ALPHA_RANGE = 'above 0, from 1e-6 to 1e6';

/** What a rank must be, in words. */
export const RANK_RANGE = `a whole number from 1 to ${MAX_RANK}`;

export function isAlpha(alpha: number): boolean {
  return alpha >= MIN_ALPHA && alpha <= MAX_ALPHA;
}

export function isRank(rank: number): boolean {
  return Number.isInteger(rank) && rank >= 1 && rank <= MAX_RANK;
}

/** @throws RecipeError unless {@link isAlpha} */
export function checkAlpha(alpha: number): void {
  if (!isAlpha(alpha)) throw new RecipeError('alpha', `alpha is ${alpha}; it must be a number ${ALPHA_RANGE}`);
}

function checkRank(rank: number): void {
  if (!isRank(rank)) throw new RecipeError('rank', `rank is ${rank}; it must be ${RANK_RANGE}`);
}
