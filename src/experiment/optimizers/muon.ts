import {
  add,
  div,
  maximum,
  mul,
  norm,
  reshape,
  sub,
  transpose,
  type Tensor,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { product } from '../products';
import { withDecoupledDecay } from './decay';
import { matricesOf, sizesOf } from './matrices';
import { zeros } from './memory';
import { blockwise, type Place, type Start, type Step } from './optimizer';

/** Coefficients of the Newton-Schulz iteration, steepest at zero. */
const [LINEAR, CUBIC, QUINTIC] = [3.4445, -4.775, 2.0315];

const STEPS = 5;

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

function withMomentum({ gradient, slots: [buffer], settings }: Step): { moved: Tensor; direction: Tensor } {
  const { momentum, nesterov, options } = settings;
  const before = buffer ?? gradient;
  const moved = options.lerp
    ? add(before, mul(sub(gradient, before), 1 - momentum))
    : add(mul(before, momentum), gradient);
  if (!nesterov) return { moved, direction: moved };
  const ahead = options.lerp ? sub(moved, gradient) : moved;
  return { moved, direction: add(gradient, mul(ahead, momentum)) };
}

/** Nearly U·Vᵀ of every matrix U·S·Vᵀ. The product is taken along the longer side, so that Gram matrices are small. */
function orthogonal(direction: Tensor, { block, settings: { options }, each }: Step): Tensor {
  const isTall = block.rows > block.columns;
  const matrices = matricesOf(direction);
  const eps = reshape(
    each(({ constants }) => constants.eps ?? 0),
    [-1, 1, 1],
  );
  const size = norm(matrices, 'euclidean', [1, 2], true);
  let x = div(matrices, options.clampNorm ? maximum(size, eps) : add(size, eps)) as Tensor3D;
  if (isTall) x = transpose(x, [0, 2, 1]);
  for (let i = 0; i < (options.nsSteps ?? STEPS); i++) {
    const gram = product(x, x, false, true);
    const curve = add(mul(gram, CUBIC), mul(product(gram, gram), QUINTIC)) as Tensor3D;
    x = add(mul(x, LINEAR), product(curve, x));
  }
  return reshape(isTall ? transpose(x, [0, 2, 1]) : x, direction.shape);
}

/** What the shape of a matrix does to its rate. */
function stretch({ block, settings }: Start, { parameter }: Place): number {
  const { rows, columns } = sizesOf(block, parameter);
  return settings.options.matchRms ? 0.2 * Math.sqrt(Math.max(rows, columns)) : Math.sqrt(Math.max(1, rows / columns));
}
