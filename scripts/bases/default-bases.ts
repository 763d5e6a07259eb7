import { BLOCK, TRANSFORMER_SIZES } from '../../src/experiment/tasks/transformer/model';
import type { BaseSpec } from '../../src/experiment/training/pretrained';
import { BLOCK_SHAPES } from '../../src/experiment/toy/targets';
import { DEFAULT_SEED } from '../../src/experiment/toy/toy';
import { TRANSFORMER_WIDTH } from '../../src/experiment/toy/toy';

/** What the bases of checks with default settings are made from: one for each kind of block. */
export const DEFAULT_BASES: readonly BaseSpec[] = BLOCK_SHAPES.map((shape) => ({
  seeds: [DEFAULT_SEED],
  width: TRANSFORMER_WIDTH,
  sizes: TRANSFORMER_SIZES,
  block: { ...BLOCK, ...shape },
}));
