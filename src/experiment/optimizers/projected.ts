import { add, div, greater, maximum, mul, reshape, sqrt, sub, tensor, where } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { product } from '../tensors/operations';
import { eigenOf, gramInFloat64 } from './math/eigen';
import { drawn, lengthAlong, matricesOf, unwide, wide, zeroMatrices } from './math/matrices';
import {
  averaged,
  averagedSquare,
  biasCorrection,
  blockwise,
  constant,
  option,
  rateOf,
  sharing,
  withDecoupledDecay,
  zeros,
} from './optimizer';
import type { Start, Step } from './optimizer';

type Averages = Record<'mean' | 'spread', Tensor>;

/**
 * The averages and the direction of transformers' former AdamW class, on which GaLore, APOLLO and LoRA-FA are based.
 * Unlike torch's Adam, it adds eps before the bias correction.
 * @param gradient in the shape of the averages
 */
function adamAlong(step: Step & Averages, gradient: Tensor, eps: Tensor): { averages: Averages; direction: Tensor3D } {
  const mean = averaged(step.mean, gradient, step.beta1);
  const spread = averagedSquare(step.spread, gradient, step.beta2);
  return { averages: { mean, spread }, direction: div(mean, add(sqrt(spread), eps)) as Tensor3D };
}

/** The number of matrices of a block, and the sides of each. */
function sizesOf({ weights }: Start): { count: number; short: number; long: number } {
  const [parameters = 1, variants = 1, rows = 1, columns = 1] = weights.shape;
  return { count: parameters * variants, short: Math.min(rows, columns), long: Math.max(rows, columns) };
}

/**
 * GaLoreAdamW: Adam on the gradient's projection onto its `rank` strongest directions along the shorter side, computed
 * again every `updateGap` steps. The step is projected back and multiplied by `scale`. The shorter side of a LoRA
 * factor is its rank, so nothing is left out unless `rank` is smaller.
 * @see https://github.com/jiaweizzhao/GaLore/blob/master/galore_torch/adamw.py
 * @see https://github.com/jiaweizzhao/GaLore/blob/master/galore_torch/galore_projector.py (proj_type `std`)
 */
export const galore = blockwise(
  (start) => {
    const { count, short, long } = sizesOf(start);
    const rank = rankOf(start);
    const averages: Averages = { mean: zeroMatrices(count, rank, long), spread: zeroMatrices(count, rank, long) };
    return { ...averages, directions: zeroMatrices(count, short, rank) };
  },
  (step) => {
    const { weights, gradient, number, each } = step;
    const full = wide(gradient);
    const isKept = (number - 1) % option(step, 'updateGap', 200) !== 0;
    const directions = isKept ? step.directions : strongest(full, rankOf(step));
    const { averages, direction } = adamAlong(step, product(directions, full, true), matricesOf(constant(step, 'eps')));
    const rate = each(({ lr }) => lr * biasCorrection(step) * option(step, 'scale', 0.25));
    const moved = sub(weights, mul(unwide(product(directions, direction), gradient), rate));
    return { weights: withDecoupledDecay(step, moved), ...averages, directions };
  },
);

function rankOf(start: Start): number {
  return Math.min(sizesOf(start).short, option(start, 'rank', 128));
}

/**
 * Left singular vectors of every matrix, strongest first: [matrices, rows, rank]. Downloads the numbers (`dataSync`),
 * because tfjs has no such decomposition; only at a refresh.
 */
function strongest(matrices: Tensor3D, rank: number): Tensor3D {
  const [count, rows, columns] = matrices.shape;
  const numbers = matrices.dataSync();
  const vectors = new Float32Array(count * rows * rank);
  for (let matrix = 0; matrix < count; matrix++) {
    const size = rows * columns;
    const { vectors: all } = eigenOf(gramInFloat64(numbers.subarray(matrix * size, (matrix + 1) * size), rows), rows);
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < rank; i++) vectors[(matrix * rows + row) * rank + i] = all[row * rows + rows - 1 - i] ?? 0;
    }
  }
  return tensor(vectors, [count, rows, rank]);
}

/** Added to the norm of the projected gradient. No trainer can set it. */
const BESIDE_NORM = 1e-8;

/** Largest growth of the norm from step to step (Fira's limit). */
const GROWTH = 1.01;

/**
 * APOLLO: the gradient, with each channel scaled to the norm that Adam's step would have. Adam runs on a random
 * projection of the shorter side to `rank`, drawn again every `updateGap` steps; `tensorWise` = 1 uses one factor for
 * the whole matrix (APOLLO-Mini). The norm of a step may grow by at most 1 % per step, starting from 1e-8 if it was
 * zero: with B = 0 at the start, this almost freezes A.
 * @see https://github.com/zhuhanqing/APOLLO/blob/main/apollo_torch/apollo.py
 * @see https://github.com/zhuhanqing/APOLLO/blob/main/apollo_torch/random_projector.py
 */
export const apollo = blockwise(
  (start) => {
    const { count, short, long } = sizesOf(start);
    const rank = option(start, 'rank', 128);
    const averages: Averages = { mean: zeroMatrices(count, rank, long), spread: zeroMatrices(count, rank, long) };
    return { ...averages, projection: zeroMatrices(count, rank, short), size: zeroMatrices(count, 1, 1) as Tensor };
  },
  (step) => {
    const { weights, gradient, number, each } = step;
    const full = wide(gradient);
    const projection = projectionOf(step, full.shape[1]);
    const seen = product(projection, full);
    const { averages, direction } = adamAlong(step, seen, matricesOf(constant(step, 'eps')));
    const axes = option(step, 'tensorWise', 0) ? [1, 2] : 1;
    const factor = div(lengthAlong(direction, axes), add(lengthAlong(seen, axes), BESIDE_NORM));
    const update = mul(full, factor) as Tensor3D;
    const size = lengthAlong(update, [1, 2]);
    const growth = number === 1 ? null : maximum(div(size, add(step.size, BESIDE_NORM)), GROWTH);
    const limiter = growth && div(growth, GROWTH);
    const limited = limiter ? (div(update, limiter) as Tensor3D) : update;
    const rate = each(({ lr }) => lr * biasCorrection(step) * Math.sqrt(option(step, 'scale', 1)));
    const moved = sub(weights, mul(unwide(limited, gradient), rate));
    const nextSize = limiter ? div(size, limiter) : size;
    return { weights: withDecoupledDecay(step, moved), ...averages, projection, size: nextSize };
  },
);

function projectionOf(step: Step & { projection: Tensor3D }, short: number): Tensor3D {
  const { block, number, weights } = step;
  const [rank, updateGap] = [option(step, 'rank', 128), option(step, 'updateGap', 200)];
  if ((number - 1) % updateGap !== 0) return step.projection;
  const [, variants = 1] = weights.shape;
  const draw = Math.floor((number - 1) / updateGap);
  return mul(drawn(block, variants, rank, short, draw), 1 / Math.sqrt(rank));
}

/** Added to the diagonal of A·Aᵀ. PEFT has no way to set it. */
const DELTA = 1e-8;

/**
 * LoRA-FA as PEFT has it: A stays frozen, and B follows Adam along its gradient times (A·Aᵀ + δ·I)⁻¹ / s², which is what
 * brings the layer closest to a step of the full matrix.
 * @see https://arxiv.org/abs/2308.03303
 * @see https://github.com/huggingface/peft/blob/main/src/peft/optimizers/lorafa.py
 */
export const loraFa = {
  ...sharing(
    (start) => {
      const [, , rows = 1] = start.weights.shape;
      return { ...zeros('mean', 'spread')(start), inverses: zeroMatrices(sizesOf(start).count, rows, rows) };
    },
    (steps) =>
      steps.map((step) => {
        const { weights, gradient, each } = step;
        const inverses = step.number > 1 ? step.inverses : inversesFor(step, steps);
        // B is kept transposed: G·M with a symmetric M is M·Gᵀ here.
        const projected = reshape(product(inverses, matricesOf(gradient)), gradient.shape);
        const scale = each((_, { parameter, variant }) => (parameter.factor === 'B' ? 1 / variant.scaling ** 2 : 1));
        const { averages, direction } = adamAlong(step, mul(projected, scale), constant(step, 'eps'));
        const moved = sub(weights, mul(direction, rateOf(step, biasCorrection(step))));
        const isTrained = each((_, { parameter }) => (parameter.factor === 'A' ? 0 : 1));
        return {
          weights: where(greater(isTrained, 0), withDecoupledDecay(step, moved), weights),
          ...averages,
          inverses,
        };
      }),
  ),
  frozen: 'A',
} as const;

/**
 * (A·Aᵀ + δ·I)⁻¹ for every B, with the A of its layer; the unit matrix for other parameters. Downloads the numbers
 * (`dataSync`), because tfjs cannot invert a matrix; only in the first step, because A never changes.
 */
function inversesFor({ block, weights }: Start, steps: readonly Step[]): Tensor3D {
  const [, variants = 1, rows = 1] = weights.shape;
  const matrices = block.parameters.flatMap(({ layer, factor }) => {
    const a = factor === 'B' ? factorAOf(steps, layer) : undefined;
    return Array.from({ length: variants }, (_, variant) => {
      if (!a) return square(rows, (i, j) => (i === j ? 1 : 0));
      return inverse(gramInFloat64(a.numbers.subarray(variant * a.size, (variant + 1) * a.size), rows, DELTA), rows);
    });
  });
  return tensor(
    matrices.flatMap((matrix) => [...matrix]),
    [matrices.length, rows, rows],
  );
}

/** The A of a layer, for all variants in order. */
function factorAOf(steps: readonly Step[], layer: string): { numbers: Float32Array; size: number } | undefined {
  for (const { block, weights } of steps) {
    const index = block.parameters.findIndex((parameter) => parameter.factor === 'A' && parameter.layer === layer);
    if (index < 0) continue;
    const [, variants = 1, rows = 1, columns = 1] = weights.shape;
    const all = weights.dataSync() as Float32Array;
    const size = rows * columns;
    return { numbers: all.subarray(index * variants * size, (index + 1) * variants * size), size };
  }
  return undefined;
}

function inverse(symmetric: Float64Array, size: number): Float64Array {
  const { values, vectors } = eigenOf(symmetric, size);
  return square(size, (i, j) =>
    values.reduce((sum, value, n) => sum + ((vectors[i * size + n] ?? 0) * (vectors[j * size + n] ?? 0)) / value, 0),
  );
}

function square(size: number, element: (row: number, column: number) => number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, at) => element(Math.floor(at / size), at % size));
}
