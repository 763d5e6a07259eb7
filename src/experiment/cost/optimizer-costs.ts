import type { OptimizerId } from '../../recipe/optimizers/optimizers';

/** What a step of an optimizer costs beyond the passes through the model, for each block of weights. */
export interface OptimizerCost {
  /** Operations that tfjs starts. */
  kernels: number;
  /** Nanoseconds of plain JavaScript for each number of a matrix. */
  nsPerNumber?: number;
  /** The same for the cube of each side of a matrix (matrix roots, eigenvectors). */
  nsPerCube?: number;
  /** Copies it keeps of the square matrices of both sides of a matrix, at the height of a step. */
  squares?: number;
  /** It projects the gradient to this many rows whatever the rank, and keeps this many copies of that. */
  projections?: { rows: number; copies: number };
}

/** For an optimizer that is not measured yet. */
const UNMEASURED: OptimizerCost = { kernels: 40 };

/**
 * Measured, so a new optimizer needs no entry at first: `npm run costs -- counts` prints the kernels. The times are what
 * `npm run costs` measures of a step beyond its kernels, and memory-bound.test.ts holds the copies.
 */
const COSTS: Readonly<Partial<Record<OptimizerId, OptimizerCost>>> = {
  sgd: { kernels: 5 },
  sgdw: { kernels: 5 },
  asgd: { kernels: 8 },
  adadelta: { kernels: 19 },
  adam: { kernels: 16 },
  adamw: { kernels: 17 },
  adamax: { kernels: 13 },
  nadam: { kernels: 19 },
  'nadam-decoupled': { kernels: 19 },
  radam: { kernels: 16 },
  'radam-decoupled': { kernels: 16 },
  rmsprop: { kernels: 14 },
  'rmsprop-eps-inside': { kernels: 14 },
  adagrad: { kernels: 10 },
  rprop: { kernels: 32, nsPerNumber: 300 },
  ademamix: { kernels: 23 },
  adopt: { kernels: 16 },
  adamc: { kernels: 17 },
  'stable-adamw': { kernels: 25 },
  grokadamw: { kernels: 28 },
  adan: { kernels: 25 },
  'adam-mini': { kernels: 27 },
  'schedule-free-sgd': { kernels: 32 },
  'schedule-free-adamw': { kernels: 40 },
  'schedule-free-radam': { kernels: 40 },
  lion: { kernels: 16 },
  sophia: { kernels: 17 },
  'adafactor-hf': { kernels: 31 },
  'adafactor-hf-scale': { kernels: 38 },
  'adafactor-hf-relative': { kernels: 31 },
  'adafactor-hf-scale-relative': { kernels: 38 },
  'adafactor-torch': { kernels: 44 },
  came: { kernels: 53 },
  adalomo: { kernels: 38 },
  lamb: { kernels: 36 },
  lars: { kernels: 29 },
  'bnb-lamb': { kernels: 34 },
  'bnb-lars': { kernels: 25 },
  prodigy: { kernels: 53 },
  'prodigy-coupled': { kernels: 53 },
  'dadapt-adam': { kernels: 53 },
  'dadapt-adam-decoupled': { kernels: 53 },
  'dadapt-adam-preprint': { kernels: 57 },
  'dadapt-adam-preprint-decoupled': { kernels: 57 },
  'dadapt-sgd': { kernels: 31 },
  'dadapt-adan': { kernels: 66 },
  'dadapt-adan-ip': { kernels: 62 },
  'dadapt-adagrad': { kernels: 39 },
  automagic: { kernels: 49 },
  automagic3: { kernels: 60 },
  muon: { kernels: 59 },
  shampoo: { kernels: 17, nsPerCube: 22, squares: 12 },
  soap: { kernels: 37, nsPerCube: 20, squares: 14 },
  dion: { kernels: 30, nsPerCube: 1 },
  sinkgd: { kernels: 130 },
  galore: { kernels: 21, nsPerCube: 1 },
  apollo: { kernels: 38, projections: { rows: 128, copies: 24 } },
  'lora-fa': { kernels: 26 },
};

export function optimizerCost(row: string): OptimizerCost {
  return (Object.hasOwn(COSTS, row) ? COSTS[row as OptimizerId] : undefined) ?? UNMEASURED;
}
