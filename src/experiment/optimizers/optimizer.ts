import type { Tensor } from '@tensorflow/tfjs-core';
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
  each(compute: (hyper: FactorHyper, place: Place) => number): Tensor;
}

/** Which matrix of which variant a number is for. */
export interface Place {
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
