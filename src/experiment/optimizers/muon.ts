import { add, div, maximum, mul, norm, sub, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { product } from '../tensors/operations';
import { lerp } from './math/averages';
import { constant, option, zeros, blockwise, type ParameterPlace, type Start, type Step } from './optimizer';
import { withDecoupledDecay } from './math/decay';
import { matricesOf, sizesOf, unwide, wide } from './math/matrices';

/** Coefficients of the Newton-Schulz iteration, steepest at zero. */
const [LINEAR, CUBIC, QUINTIC] = [3.4445, -4.775, 2.0315];

/**
 * Muon: momentum, made orthogonal. The published versions differ in three places, which are options (0 or 1):
 *
 * - `lerp`: the momentum is a moving average (torch.optim.Muon), not a sum (Keller Jordan);
 * - `clampNorm`: the norm is at least eps (torch.optim.Muon), not norm + eps;
 * - `matchRms`: the step is 0.2·√(longer side) (Moonlight, Axolotl, LLaMA-Factory), not √max(1, rows/columns).
 *
 * `nsSteps` counts the iterations. They run in float32 here, where the trainers use bfloat16.
 * @see https://github.com/KellerJordan/Muon/blob/master/muon.py
 * @see https://github.com/pytorch/pytorch/blob/main/torch/optim/_muon.py
 */
export const muon = blockwise(zeros(1), (step) => {
  const { moved, direction } = withMomentum(step);
  const update = orthogonal(direction, step);
  const rate = step.each(({ lr }, place) => lr * stretch(step, place));
  return { weights: sub(withDecoupledDecay(step), mul(update, rate)), slots: [moved] };
});

function withMomentum(step: Step): { moved: Tensor; direction: Tensor } {
  const { gradient, slots, settings } = step;
  const [buffer] = slots;
  const { momentum, nesterov } = settings;
  const isAverage = option(step, 'lerp', 0) !== 0;
  const along = (from: Tensor, to: Tensor): Tensor =>
    isAverage ? lerp(to, from, momentum) : add(mul(from, momentum), to);
  const moved = along(buffer ?? gradient, gradient);
  return { moved, direction: nesterov ? along(moved, gradient) : moved };
}

/** Approximates U·Vᵀ of every matrix U·S·Vᵀ. It multiplies along the longer side, so that Gram matrices are small. */
function orthogonal(direction: Tensor, step: Step): Tensor {
  const matrices = wide(direction);
  const eps = matricesOf(constant(step, 'eps'));
  const size = norm(matrices, 'euclidean', [1, 2], true);
  let x = div(matrices, option(step, 'clampNorm', 0) ? maximum(size, eps) : add(size, eps)) as Tensor3D;
  for (let i = 0; i < option(step, 'nsSteps', 5); i++) {
    const gram = product(x, x, false, true);
    const curve = add(mul(gram, CUBIC), mul(product(gram, gram), QUINTIC)) as Tensor3D;
    x = add(mul(x, LINEAR), product(curve, x));
  }
  return unwide(x, direction);
}

/** Factor on the rate from the shape of the matrix. */
function stretch(start: Start, { parameter }: ParameterPlace): number {
  const { rows, columns } = sizesOf(start.block, parameter);
  return option(start, 'matchRms', 0)
    ? 0.2 * Math.sqrt(Math.max(rows, columns))
    : Math.sqrt(Math.max(1, rows / columns));
}
