import type { OptimizerId } from '../../recipe/optimizers/optimizers';

/** What a step of an optimizer takes beyond what the operations of every optimizer do. */
export interface OptimizerCost {
  /** Nanoseconds of plain JavaScript for each number of a matrix. */
  nsPerNumber?: number;
  /** The same for the cube of each side of a matrix (matrix roots, eigenvectors). */
  nsPerCube?: number;
  /** Copies it keeps of the square matrices of both sides of a matrix, at the height of a step. */
  squares?: number;
  /** It projects the gradient to this many rows whatever the rank, and keeps this many copies of that. */
  projections?: { rows: number; copies: number };
}

/** The times are what `npm run costs` measures of a step beyond its operations; memory-bound.test.ts holds the copies. */
const COSTS: Readonly<Partial<Record<OptimizerId, OptimizerCost>>> = {
  rprop: { nsPerNumber: 300 },
  shampoo: { nsPerCube: 22, squares: 12 },
  soap: { nsPerCube: 20, squares: 14 },
  dion: { nsPerCube: 1 },
  galore: { nsPerCube: 1 },
  apollo: { projections: { rows: 128, copies: 24 } },
};

/** @param row an optimizer's id; most have no cost of their own */
export function optimizerCost(row: string): OptimizerCost {
  return (Object.hasOwn(COSTS, row) ? COSTS[row as OptimizerId] : undefined) ?? {};
}
