import type { Tensor } from '@tensorflow/tfjs-core';
import type { ExperimentSpec, FactorHyper } from '../spec';

/** What an optimizer is given for one step; every tensor is [2, variants, rows, columns] or broadcasts to it. */
export interface Step {
  weights: Tensor;
  gradient: Tensor;
  /** What it remembers of the steps before; zeros at first. */
  slots: readonly Tensor[];
  /** From 1. */
  number: number;
  settings: ExperimentSpec['optimizer'];
  /** The schedule's factor on the learning rate at this step. */
  rate: number;
  /**
   * A tensor [2, variants, 1, 1] of a number computed in float64 from each factor's own hyperparameters, as PyTorch
   * computes its scalars.
   */
  each(compute: (hyper: FactorHyper) => number): Tensor;
  /** Whether any factor of any variant has weight decay at all. */
  decays: boolean;
}

/** An optimizer of our own on tensors: pure, all variants at once, operations in PyTorch's order. */
export interface Optimizer {
  /** How many tensors it remembers. */
  slots: number;
  update(step: Step): { weights: Tensor; slots: Tensor[] };
}
