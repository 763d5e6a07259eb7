import { type Tensor, zerosLike } from '@tensorflow/tfjs-core';
import type { ConstantId } from '../../recipe/optimizers/constants';
import type { ExperimentSpec, FactorHyper, VariantSpec } from '../spec';
import type { WeightBlock, Parameter } from '../tasks/task';

/** A block before its first step. Every tensor is [parameters, variants, rows, columns] or broadcasts to it. */
export interface Start {
  block: WeightBlock;
  weights: Tensor;
  settings: ExperimentSpec['optimizer'];
  /**
   * A tensor [parameters, variants, 1, 1] of a number that is computed in float64 from each factor's hyperparameters,
   * as PyTorch computes its scalars. `lr` is the learning rate of this step after the schedule (before the first step:
   * that of step 1).
   */
  each(compute: (hyper: FactorHyper, place: ParameterPlace) => number): Tensor;
}

/** The matrix and the variant that a number is for. */
export interface ParameterPlace {
  parameter: Parameter;
  variant: VariantSpec;
  /** Its learning rate before the schedule. */
  baseLr: number;
}

/** A block at one step. */
export interface Step extends Start {
  gradient: Tensor;
  /** The optimizer's state after the step before. */
  slots: readonly Tensor[];
  /** From 1. */
  number: number;
  /** Whether any factor of any variant has weight decay. */
  decays: boolean;
}

export interface Updated {
  weights: Tensor;
  slots: readonly Tensor[];
}

/** The step function of an optimizer: pure, on all variants at once, with PyTorch's order of operations. */
export interface Optimizer {
  /** The state of a block before the first step. */
  start(start: Start): Tensor[];
  /**
   * Updates all blocks at once, because some optimizers share state between all parameters of a variant; every block
   * then has it in its slots.
   */
  update(steps: readonly [Step, ...Step[]]): Updated[];
  /** The factor it freezes; its gradient is zero, also for clipping. */
  frozen?: Parameter['factor'];
}

/** An optimizer that treats each block separately. */
export function blockwise(start: Optimizer['start'], update: (step: Step) => Updated): Optimizer {
  return { start, update: (steps) => steps.map(update) };
}

/** The learning rate times `factor`, for each factor: [parameters, variants, 1, 1]. */
export function rateOf({ each }: Pick<Start, 'each'>, factor = 1): Tensor {
  return each(({ lr }) => lr * factor);
}

/** The weight decay, for each factor: [parameters, variants, 1, 1]. */
export function decayOf({ each }: Pick<Start, 'each'>): Tensor {
  return each(({ weightDecay }) => weightDecay);
}

/** A constant with a unit, for each factor: [parameters, variants, 1, 1]. */
export function constant({ each }: Pick<Start, 'each'>, id: ConstantId): Tensor {
  return each(({ constants }) => constants[id] ?? 0);
}

/** An option without a unit, by its name in the optimizer's row. */
export function option({ settings }: Pick<Start, 'settings'>, name: string, usual: number): number {
  return settings.options[name] ?? usual;
}

/** A state of `count` zero tensors in the shape of the weights. */
export function zeros(count: number): Optimizer['start'] {
  return ({ weights }) => Array.from({ length: count }, () => zerosLike(weights));
}
