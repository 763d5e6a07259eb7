import * as l10n from '@vscode/l10n';
import type { InitMethod } from './init/init-rows';
import type { ConstantId } from './optimizers/constants';
import type { MovingConstant, OptimizerRow } from './optimizers/optimizer-row';

/** How alpha and rank become the factor in front of B·A: alpha/r, alpha/√r, or the number itself. */
export type ScalingRule = 'standard' | 'rslora' | 'direct';

/** The optimizer of a run. `null`: not stated, or not used by this optimizer. */
export interface OptimizerSettings {
  /** The trainer's name for it, such as `adamw_torch_fused`. */
  name: string | null;
  /** Its row in our table, or null if no rule is known. */
  row: string | null;
  /** Why no rule is known for `name`, in one sentence; absent if one is known, or no optimizer is named. */
  unknown?: string;
  /** Its state has 8 bits or fewer. */
  quantized?: boolean;
  betas: readonly [number, number] | null;
  eps: number | null;
  weightDecay: number | null;
  momentum: number | null;
  nesterov: boolean | null;
  /** Stated constants with a unit, except eps. */
  constants: Readonly<Partial<Record<Exclude<ConstantId, 'eps'>, number>>>;
  /** Stated options without a unit, by the row's names. */
  options: Readonly<Record<string, number>>;
}

/** Every hyperparameter that decides a LoRA run. `null`: not stated. */
export interface Recipe {
  /** The adapter or module pattern; `lora` if the file has only one. */
  name: string;
  /** Columns of A's output, rows of B's input; an integer ≥ 1. */
  rank: number;
  /** The numerator of the scaling. Equal to `scaling` under the `direct` rule. */
  alpha: number;
  scalingRule: ScalingRule;
  /** The trainer's constant in front of the rule: s = multiplier · alpha/r. Default 1. */
  multiplier?: number;
  /** The factor in front of B·A; always `scalingOf(scalingRule, alpha, rank, multiplier)`. */
  scaling: number;
  useDora: boolean;
  /** The base learning rate, before a schedule. */
  learningRate: number | null;
  /** Learning rate of A, if it is set separately. */
  lrA: number | null;
  /** Learning rate of B, if it is set separately. */
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
  /** Factors that code applies to the fresh A and B; absent if none does. */
  initFactors?: { A: number; B: number };
  targetModules: readonly string[] | string | null;
  /** Parameters without a scaling that train with the same learning rate: whole modules, the model's biases. */
  unscaled?: readonly string[];
  /** B has a bias of its own. */
  loraBias?: boolean;
  /** Bits of the quantised frozen weights: `4`; absent where the config names none. */
  weights?: string;
  /** What else decides the run, as far as the file states it; only comparisons use it. */
  around?: Surroundings;
}

export type Surrounding = 'model' | 'data' | 'batch' | 'steps' | 'epochs' | 'seed' | 'precision';

/** `batchUnit`: of one device, or as that trainer counts. */
export type Surroundings = Readonly<Partial<Record<Surrounding | 'batchUnit', string>>>;

/** The recipe's value of a constant, or null. */
export const statedConstant = ({ eps, constants }: OptimizerSettings, id: ConstantId): number | null =>
  id === 'eps' ? eps : (constants[id] ?? null);

/** Whether an optimizer is stated, by a name that is known or not. */
export const isNamed = ({ name, row }: OptimizerSettings): boolean => name !== null || row !== null;

/** The weight decay: as stated, else the default of the optimizer if there is one. */
export const decayIn = (optimizer: OptimizerSettings, row: OptimizerRow): number | null =>
  optimizer.weightDecay ?? (isNamed(optimizer) ? row.defaults.weightDecay : null);

/** The same for a constant. */
export const constantIn = (optimizer: OptimizerSettings, { constant, default: usual }: MovingConstant): number | null =>
  statedConstant(optimizer, constant) ?? (isNamed(optimizer) ? usual : null);

/** An unusable value; the message says what is wrong and what would be right. */
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
 * The scaling s in `y = W0·x + s·B·A·x`. Only this function computes it.
 * @throws RecipeError if rank or alpha is out of bounds
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
 * @throws RecipeError if there is no usable alpha
 */
export function alphaFor(rule: ScalingRule, scaling: number, rank: number, multiplier = 1): number {
  checkRank(rank);
  const alpha = (rule === 'direct' ? scaling : scaling * (rule === 'rslora' ? Math.sqrt(rank) : rank)) / multiplier;
  // Rounding must not push a valid alpha out of bounds.
  const nearest = Math.min(MAX_ALPHA, Math.max(MIN_ALPHA, alpha));
  if (!(Math.abs(alpha / nearest - 1) < 1e-12)) {
    throw new RecipeError('scaling', `scaling is ${scaling}; with rank ${rank} it takes an alpha from 1e-6 to 1e6`);
  }
  return nearest;
}

/** Beyond these bounds, products of scaling and learning rate leave float32. */
export const MIN_ALPHA = 1e-6;
export const MAX_ALPHA = 1e6;
export const MAX_RANK = 65536;

/** The bounds of an alpha, in words. */
export const ALPHA_RANGE = l10n.t('above 0, from 1e-6 to 1e6');

/** What a rank must be, in words. */
export const RANK_RANGE = l10n.t`a whole number from 1 to ${MAX_RANK}`;

export const isAlpha = (alpha: number): boolean => alpha >= MIN_ALPHA && alpha <= MAX_ALPHA;

export const isRank = (rank: number): boolean => Number.isInteger(rank) && rank >= 1 && rank <= MAX_RANK;

/** @throws RecipeError unless {@link isAlpha} */
export function checkAlpha(alpha: number): void {
  if (!isAlpha(alpha)) throw new RecipeError('alpha', `alpha is ${alpha}; it must be a number ${ALPHA_RANGE}`);
}

function checkRank(rank: number): void {
  if (!isRank(rank)) throw new RecipeError('rank', `rank is ${rank}; it must be ${RANK_RANGE}`);
}

/** Outside of these bounds, products of hyperparameters leave float32. */
const SMALLEST = 1e-50;
const LARGEST = 1e20;

/** What {@link isUsable} asks for, in words. */
export const USABLE = l10n.t('a number, 0 or above (and from 1e-50 to 1e20)');

/** Whether a hyperparameter (except rank and alpha) can be computed with. */
export const isUsable = (value: number): boolean => value === 0 || (value >= SMALLEST && value <= LARGEST);

/**
 * Checks that every number of a recipe could be trained with.
 * @throws RecipeError with the name of the first field that is not
 */
export function checkRecipe(recipe: Recipe): void {
  const { optimizer, scaling, lrA, lrB, learningRate, maxGradNorm, maxGradValue, warmup, dropout } = recipe;
  const expected = scalingOf(recipe.scalingRule, recipe.alpha, recipe.rank, recipe.multiplier);
  // Another order of operations may round the same scaling differently.
  if (!(Math.abs(scaling / expected - 1) < 1e-9)) {
    throw new RecipeError('scaling', `scaling is ${scaling}; alpha and rank give ${expected}`);
  }
  const { weightDecay, eps, constants, momentum } = optimizer;
  const [beta1, beta2] = optimizer.betas ?? [];
  const numbers = {
    ...{ lrA, lrB, learningRate, weightDecay, eps, ...constants, momentum, beta1, beta2 },
    ...{ maxGradNorm, maxGradValue, warmup, dropout },
  };
  for (const [field, value] of Object.entries(numbers)) {
    if (value === null || value === undefined || isUsable(value)) continue;
    throw new RecipeError(field, `${field} is ${value}; it must be ${USABLE}`);
  }
  for (const [field, value] of Object.entries(optimizer.options)) {
    if (!Number.isFinite(value)) throw new RecipeError(field, `${field} is ${value}; it must be a number`);
  }
  checkPositive('loraplusLrRatio', recipe.loraplusLrRatio ?? 1, LARGEST);
}

/** The largest change of scaling: smallest to largest alpha, and √r instead of r at the largest rank. */
const LARGEST_K = 1e18;

/** @throws RecipeError unless `value` is a number above 0 from 1/largest to `largest` */
export function checkPositive(field: string, value: number, largest = LARGEST_K): void {
  if (value >= 1 / largest && value <= largest) return;
  throw new RecipeError(field, `${field} is ${value}; it must be a number above 0, from ${1 / largest} to ${largest}`);
}
