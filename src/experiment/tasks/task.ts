import type { Tensor } from '@tensorflow/tfjs-core';

/** One trained matrix of every variant. */
export interface Parameter {
  /** `A`, `Bq`, … unique within a task. */
  name: string;
  /** What it is to LoRA, and so which numbers it trains with; `m`: DoRA's magnitudes. */
  factor: 'A' | 'B' | 'm';
  /** Kept as its transpose. B always is, so that the rank counts the rows of A and B alike. */
  transposed: boolean;
}

/** Trained matrices that are kept in the same shape: one tensor [parameters, variants, rows, columns]. */
export interface Block {
  rows: number;
  columns: number;
  parameters: readonly Parameter[];
}

/** What a task computes in one pass, for all variants side by side. */
export interface Pass {
  /** Loss of each variant, [variants]. */
  loss: Tensor;
  /** Gradient of each variant's loss, block by block in the shape of the weights. */
  gradients: Tensor[];
}

/**
 * A training problem for a stack of variants. Its weights are few tensors, one a block: an optimizer touches all
 * matrices of all variants in one go.
 */
export interface Task {
  blocks: readonly Block[];
  /** Fresh tensors with every variant's start, one a block. */
  start(): Tensor[];
  /** @param step from 1 */
  pass(weights: readonly Tensor[], step: number): Pass;
  /** Frees what the task keeps on the backend. */
  dispose(): void;
}
