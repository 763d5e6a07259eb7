import type { Tensor } from '@tensorflow/tfjs-core';

/** One trained matrix of every variant. */
export interface Parameter {
  /** `A`, `Bq`, … unique within a task. */
  name: string;
  /** What `A`, `B` and `m` of one layer have in common: `q`; empty where there is one layer. */
  layer: string;
  /** Its role in LoRA, which decides its hyperparameters; `m`: DoRA's magnitudes. */
  factor: 'A' | 'B' | 'm';
  /** Stored transposed. B always is, so that rows count the rank in both A and B. */
  transposed: boolean;
}

/** Trained matrices of the same stored shape: one tensor [parameters, variants, rows, columns]. */
export interface WeightBlock {
  rows: number;
  columns: number;
  parameters: readonly Parameter[];
}

/** Result of a forward and backward pass, for all variants side by side. */
export interface Pass {
  /** Loss of each variant, [variants]. */
  loss: Tensor;
  /** Gradients of each variant's loss, one for each block in the shape of the weights. */
  gradients: Tensor[];
}

/**
 * A training problem for several variants at once. Its weights are few tensors, one for each block, so that an
 * optimizer updates all matrices of all variants together.
 */
export interface Task {
  blocks: readonly WeightBlock[];
  /** New tensors with every variant's start, one for each block. */
  start(): Tensor[];
  /** @param step from 1 */
  pass(weights: readonly Tensor[], step: number): Pass;
  /** Frees the task's tensors. */
  dispose(): void;
}
