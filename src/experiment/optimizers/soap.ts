import { add, div, mul, reshape, sqrt, sub, zeros, zerosLike, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { averaged, averagedSquare, lerp } from './math/averages';
import { basesOf, gramsOf, into, outOf, type Bases } from './math/bases';
import { blockwise, constant, rateOf, type Step, type Updated } from './optimizer';
import { thenDecoupledDecay } from './math/decay';
import { matricesOf } from './math/matrices';

/**
 * SOAP: Adam in the eigenbases of the Gram matrices of past gradients. The first step only starts the averages. The
 * eigenvectors are computed at every step (`precondition_frequency` 1), while the published implementation refines old
 * ones every ten steps.
 * @see https://arxiv.org/abs/2409.11321
 * @see https://github.com/nikhilvyas/SOAP/blob/main/soap.py
 */
export const soap = blockwise(
  ({ weights, block: { rows, columns } }) => {
    const [parameters = 1, variants = 1] = weights.shape;
    const [left, right] = [rows, columns].map((size) => zeros([parameters * variants, size, size])) as [Tensor, Tensor];
    return [zerosLike(weights), zerosLike(weights), left, right];
  },
  (step) => {
    const { gradient, slots, settings, number } = step;
    const [mean = gradient, spread = gradient, ...before] = slots;
    const { left, right } = gramsOf(gradient);
    const averages = [left, right].map((gram, i) => lerp(before[i] ?? gram, gram, 1 - settings.betas[1])) as [
      Tensor3D,
      Tensor3D,
    ];
    if (number === 1) return { weights: step.weights, slots: [mean, spread, ...averages] };
    return adamIn(averages, step, mean, spread);
  },
);

function adamIn(averages: [Tensor3D, Tensor3D], step: Step, mean: Tensor, spread: Tensor): Updated {
  const { weights, gradient, settings, number } = step;
  const [beta1, beta2] = settings.betas;
  const [left, right] = averages.map(basesOf) as [Bases, Bases];
  const seen = (tensor: Tensor): Tensor => reshape(into(matricesOf(tensor), left, right), tensor.shape);
  const nextMean = averaged(mean, gradient, beta1);
  const nextSpread = averagedSquare(spread, seen(gradient), beta2);
  const eps = constant(step, 'eps');
  const direction = div(seen(nextMean), add(sqrt(nextSpread), eps));
  const update = reshape(outOf(matricesOf(direction), left, right), weights.shape);
  const steps = number - 1;
  const correction = Math.sqrt(1 - beta2 ** steps) / (1 - beta1 ** steps);
  const moved = sub(weights, mul(update, rateOf(step, correction)));
  return { weights: thenDecoupledDecay(step, moved), slots: [nextMean, nextSpread, ...averages] };
}
