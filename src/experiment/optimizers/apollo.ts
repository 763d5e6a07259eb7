import { add, div, maximum, mul, sub, zeros, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { product } from '../tensors/operations';
import { constant, option, blockwise, type Step } from './optimizer';
import { thenDecoupledDecay } from './math/decay';
import { adamDirection } from './math/hf-adam';
import { drawn, matricesOf, unwide, wide } from './math/matrices';
import { lengthAlong } from './math/norms';

/** Added to the norm of the projected gradient. No trainer can set it. */
const BESIDE_NORM = 1e-8;

/** Largest growth of the norm from step to step. */
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
    const [parameters = 1, variants = 1, rows = 1, columns = 1] = start.weights.shape;
    const [count, short, long] = [parameters * variants, Math.min(rows, columns), Math.max(rows, columns)];
    const rank = option(start, 'rank', 128);
    return [zeros([count, rank, long]), zeros([count, rank, long]), zeros([count, rank, short]), zeros([count, 1, 1])];
  },
  (step) => {
    const { weights, gradient, slots, each } = step;
    const [mean = gradient, spread = gradient, , lastSize = gradient] = slots;
    const full = wide(gradient);
    const projection = projectionOf(step, full.shape[1]);
    const seen = product(projection, full);
    const eps = matricesOf(constant(step, 'eps'));
    const adam = adamDirection(step, [mean, spread], seen, eps);
    const axes = option(step, 'tensorWise', 0) ? [1, 2] : 1;
    const factor = div(lengthAlong(adam.direction, axes), add(lengthAlong(seen, axes), BESIDE_NORM));
    const { limited, size } = limit(mul(full, factor), step.number === 1 ? null : lastSize);
    const rate = each(({ lr }) => lr * adam.correction * Math.sqrt(option(step, 'scale', 1)));
    const moved = sub(weights, mul(unwide(limited as Tensor3D, gradient), rate));
    return { weights: thenDecoupledDecay(step, moved), slots: [adam.mean, adam.spread, projection, size] };
  },
);

function projectionOf(step: Step, short: number): Tensor3D {
  const { block, slots, number, weights } = step;
  const [rank, updateGap] = [option(step, 'rank', 128), option(step, 'updateGap', 200)];
  const [, , before] = slots;
  if (before && (number - 1) % updateGap !== 0) return before as Tensor3D;
  const [, variants = 1] = weights.shape;
  const draw = Math.floor((number - 1) / updateGap);
  return mul(drawn(block, variants, rank, short, draw), 1 / Math.sqrt(rank));
}

/** Fira's limit on the growth of the norm. */
function limit(step: Tensor, lastSize: Tensor | null): { limited: Tensor; size: Tensor } {
  const size = lengthAlong(step, [1, 2]);
  if (!lastSize) return { limited: step, size };
  const limiter = div(maximum(div(size, add(lastSize, BESIDE_NORM)), GROWTH), GROWTH);
  return { limited: div(step, limiter), size: div(size, limiter) };
}
