import type { Tensor } from '@tensorflow/tfjs-core';

/** What a task computes in one pass, for all variants side by side. */
export interface Pass {
  /** Loss of each variant, [variants]. */
  loss: Tensor;
  /** Gradient of each variant's loss, in the shape of the weights. */
  gradient: Tensor;
}

/**
 * A training problem for a stack of variants. Its weights are one tensor [2, variants, rows, columns]:
 * first every variant's A, then every variant's B, so that an optimizer touches all of them in one go.
 */
export interface Task {
  /** A fresh tensor with every variant's start. */
  start(): Tensor;
  pass(weights: Tensor): Pass;
  /** Frees what the task keeps on the backend. */
  dispose(): void;
}
