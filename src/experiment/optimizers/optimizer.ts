import { type Tensor, zerosLike } from '@tensorflow/tfjs-core';
import type { ConstantId } from '../../recipe/optimizers/constants';
import type { ExperimentSpec, FactorHyper, VariantSpec } from '../spec';
import type { Block, Parameter } from '../tasks/task';

/** One block before its first step; every tensor is [parameters, variants, rows, columns] or broadcasts to it. */
export interface Start {
  block: Block;
  weights: Tensor;
  settings: ExperimentSpec['optimizer'];
  /**
   * A tensor [parameters, variants, 1, 1] of a number computed in float64 from each factor's own hyperparameters, as
   * PyTorch computes its scalars. `lr` is the rate of this step, schedule included (before the first step: of step 1).
   */
  each(compute: (hyper: FactorHyper, place: ParameterPlace) => number): Tensor;
}

/** Which matrix of which variant a number is for. */
export interface ParameterPlace {
  parameter: Parameter;
  variant: VariantSpec;
  /** Its rate before the schedule. */
  baseLr: number;
}

/** What an optimizer is given of one block for one step. */
export interface Step extends Start {
  gradient: Tensor;
  /** What it remembers of the steps before. */
  slots: readonly Tensor[];
  /** From 1. */
  number: number;
  /** Whether any factor of any variant has weight decay at all. */
  decays: boolean;
}

export interface Updated {
  weights: Tensor;
  slots: readonly Tensor[];
}

/** An optimizer of our own on tensors: pure, all variants at once, operations in PyTorch's order. */
export interface Optimizer {
  /** What it remembers of a block before the first step. */
  start(start: Start): Tensor[];
  /** All blocks at once, because some optimizers share a state among all parameters of a variant. */
  update(steps: readonly Step[]): Updated[];
  /** The factor it does not train: that one's gradient is zero, for clipping too. */
  frozen?: Parameter['factor'];
}

/** An optimizer that looks at no more than one block at a time. */
export function blockwise(start: Optimizer['start'], update: (step: Step) => Updated): Optimizer {
  return { start, update: (steps) => steps.map(update) };
}

/** A constant that carries a unit, as every factor has it: [parameters, variants, 1, 1]. */
export function constant({ each }: Pick<Start, 'each'>, id: ConstantId): Tensor {
  return each(({ constants }) => constants[id] ?? 0);
}

/** A setting without a unit, by the name the optimizer's row has for it. */
export function option({ settings }: Pick<Start, 'settings'>, name: string, usual: number): number {
  return settings.options[name] ?? usual;
}

/** A memory of `count` tensors in the shape of the weights, all zero at first. */
export function zeros(count: number): Optimizer['start'] {
  return ({ weights }) => Array.from({ length: count }, () => zerosLike(weights));
}
