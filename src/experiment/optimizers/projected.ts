import { add, div, greater, maximum, mul, reshape, sqrt, tensor, where } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { product } from '../tensors/operations';
import { eigenOf, gramInFloat64 } from './math/eigen';
import { drawn, lengthAlong, mapMatrices, matricesOf, unwide, wide, zeroMatrices } from './math/matrices';
import { biasCorrection, blockwise, constant, option, rateOf, sharing } from './optimizer';
import type { ByRow, Start, Step } from './optimizer';
import { averages, moved, rootPlusEps, summed, withDecoupledDecay, type Averages } from './terms';

/*
 * GaLore, APOLLO and LoRA-FA are based on transformers' former AdamW class. Unlike torch's Adam, it adds eps before the
 * bias correction.
 */

function sizesOf({ weights }: Start): { count: number; short: number; long: number } {
  const [parameters = 1, variants = 1, rows = 1, columns = 1] = weights.shape;
  return { count: parameters * variants, short: Math.min(rows, columns), long: Math.max(rows, columns) };
}

function projectedAverages(start: Start, rank: number): Record<'mean' | 'spread', Tensor3D> {
  const { count, long } = sizesOf(start);
  return { mean: zeroMatrices(count, rank, long), spread: zeroMatrices(count, rank, long) };
}

/** Adam's averages and direction along a projected gradient. */
function projectedAdam(step: Step & Averages, projected: Tensor3D): { after: Averages; direction: Tensor3D } {
  const after = summed(step, projected);
  const denominator = add(sqrt(after.spread), matricesOf(constant(step, 'eps')));
  return { after, direction: div(after.mean, denominator) as Tensor3D };
}

/** A step of the full matrices, which are wide, at the rate times `factor`; decay shrinks the weights after it. */
function steppedBack(step: Step, update: Tensor3D, factor: number): Tensor {
  const rate = step.each(({ lr }) => lr * biasCorrection(step) * factor);
  return withDecoupledDecay(step, moved(step.weights, unwide(update, step.gradient), rate));
}

function rankOf(start: Start): number {
  return Math.min(sizesOf(start).short, option(start, 'rank', 128));
}

/** Left singular vectors of every matrix, strongest first: [matrices, rows, rank]. */
function strongest(matrices: Tensor3D, rank: number): Tensor3D {
  const [, rows] = matrices.shape;
  return mapMatrices(matrices, rank, (numbers) => {
    const { vectors } = eigenOf(gramInFloat64(numbers, rows), rows);
    return Float64Array.from({ length: rows * rank }, (_, at) => {
      return vectors[Math.floor(at / rank) * rows + rows - 1 - (at % rank)] ?? 0;
    });
  });
}

/** Added to the norm of the projected gradient. No trainer can set it. */
const BESIDE_NORM = 1e-8;

/** Largest growth of the norm from step to step (Fira's limit). */
const GROWTH = 1.01;

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

/** (A·Aᵀ + δ·I)⁻¹ for every B; the unit matrix for other parameters. Computed in the first step: A never changes. */
function inversesFor({ block, weights }: Start, steps: readonly Step[]): Tensor3D {
  const [, variants = 1, rows = 1] = weights.shape;
  const matrices = block.parameters.flatMap(({ layer, factor }) => {
    const a = factor === 'B' ? factorAOf(steps, layer) : undefined;
    return Array.from({ length: variants }, (_, variant) => {
      if (!a) return square(rows, (i, j) => (i === j ? 1 : 0));
      const size = a.length / variants;
      return inverse(gramInFloat64(a.subarray(variant * size, (variant + 1) * size), rows, DELTA), rows);
    });
  });
  const numbers = matrices.flatMap((matrix) => [...matrix]);
  return tensor(numbers, [matrices.length, rows, rows]);
}

function factorAOf(steps: readonly Step[], layer: string): Float32Array | undefined {
  for (const { block, weights } of steps) {
    const index = block.parameters.findIndex((parameter) => parameter.factor === 'A' && parameter.layer === layer);
    const size = weights.size / block.parameters.length;
    if (index >= 0) return weights.dataSync<'float32'>().subarray(index * size, (index + 1) * size);
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

export const PROJECTED = {
  /**
   * Adam on the gradient's projection onto its `rank` strongest directions along the shorter side, computed again every
   * `updateGap` steps. The step is projected back and multiplied by `scale`. The shorter side of a LoRA factor is its
   * rank, so nothing is left out unless `rank` is smaller.
   * @see https://github.com/jiaweizzhao/GaLore/blob/master/galore_torch/adamw.py
   * @see https://github.com/jiaweizzhao/GaLore/blob/master/galore_torch/galore_projector.py (proj_type `std`)
   */
  galore: blockwise(
    (start) => {
      const { count, short } = sizesOf(start);
      const rank = rankOf(start);
      return { ...(projectedAverages(start, rank) as Averages), directions: zeroMatrices(count, short, rank) };
    },
    (step) => {
      const full = wide(step.gradient);
      const isKept = (step.number - 1) % option(step, 'updateGap', 200) !== 0;
      const directions = isKept ? step.directions : strongest(full, rankOf(step));
      const { after, direction } = projectedAdam(step, product(directions, full, true));
      const weights = steppedBack(step, product(directions, direction), option(step, 'scale', 0.25));
      return { weights, ...after, directions };
    },
  ),

  /**
   * The gradient, with each channel (`tensorWise` = 1: the whole matrix) scaled to the norm that Adam's step would
   * have. Adam runs on a random projection of the shorter side to `rank`, drawn again every `updateGap` steps. The norm
   * of a step may grow by 1 % a step, starting from 1e-8 if it was zero: with B = 0 at the start, this almost freezes
   * A.
   * @see https://github.com/zhuhanqing/APOLLO/blob/main/apollo_torch/apollo.py
   * @see https://github.com/zhuhanqing/APOLLO/blob/main/apollo_torch/random_projector.py
   */
  apollo: blockwise(
    (start) => {
      const { count, short } = sizesOf(start);
      const rank = option(start, 'rank', 128);
      const size: Tensor = zeroMatrices(count, 1, 1);
      const before: Averages = projectedAverages(start, rank);
      return { ...before, projection: zeroMatrices(count, rank, short), size };
    },
    (step) => {
      const full = wide(step.gradient);
      const projection = projectionOf(step, full.shape[1]);
      const seen = product(projection, full);
      const { after, direction } = projectedAdam(step, seen);
      const axes = option(step, 'tensorWise', 0) ? [1, 2] : 1;
      const factor = div(lengthAlong(direction, axes), add(lengthAlong(seen, axes), BESIDE_NORM));
      const update = mul(full, factor) as Tensor3D;
      const size = lengthAlong(update, [1, 2]);
      const growth = step.number === 1 ? null : maximum(div(size, add(step.size, BESIDE_NORM)), GROWTH);
      const limiter = growth && div(growth, GROWTH);
      const limited = limiter ? (div(update, limiter) as Tensor3D) : update;
      const weights = steppedBack(step, limited, Math.sqrt(option(step, 'scale', 1)));
      return { weights, ...after, projection, size: limiter ? div(size, limiter) : size };
    },
  ),

  /**
   * LoRA-FA as PEFT has it: A stays frozen, and B follows Adam along its gradient times (A·Aᵀ + δ·I)⁻¹ / s², which is
   * what brings the layer closest to a step of the full matrix.
   * @see https://arxiv.org/abs/2308.03303
   * @see https://github.com/huggingface/peft/blob/main/src/peft/optimizers/lorafa.py
   */
  'lora-fa': {
    ...sharing(
      (start) => {
        const [, , rows = 1] = start.weights.shape;
        return { ...averages(start), inverses: zeroMatrices(sizesOf(start).count, rows, rows) };
      },
      (steps) =>
        steps.map((step) => {
          const { weights: before, gradient, each } = step;
          const inverses = step.number > 1 ? step.inverses : inversesFor(step, steps);
          // B is kept transposed: G·M with a symmetric M is M·Gᵀ here.
          const projected = reshape(product(inverses, matricesOf(gradient)), gradient.shape);
          const scale = each((_, { parameter, variant }) => (parameter.factor === 'B' ? 1 / variant.scaling ** 2 : 1));
          const after = summed(step, mul(projected, scale));
          const direction = div(after.mean, rootPlusEps(step, after.spread));
          const stepped = moved(before, direction, rateOf(step, biasCorrection(step)));
          const isTrained = each((_, { parameter }) => (parameter.factor === 'A' ? 0 : 1));
          const weights = where(greater(isTrained, 0), withDecoupledDecay(step, stepped), before);
          return { weights, ...after, inverses };
        }),
    ),
    frozen: 'A',
  },
} satisfies ByRow;
