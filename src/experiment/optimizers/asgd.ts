import { mul, sub, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import type { FactorHyper } from '../spec';
import { option, blockwise, type Start } from './optimizer';
import { withCoupledDecay } from './math/decay';

/** State for the next step: the factor on the weights, 1 − lambd·eta, and the rate eta in float32. */
function next({ each }: Start, etaOf: (hyper: FactorHyper) => number): Tensor[] {
  const eta = (hyper: FactorHyper): number => Math.fround(etaOf(hyper));
  return [each((hyper) => 1 - (hyper.constants.lambd ?? 0) * eta(hyper)), each(eta)];
}

/**
 * ASGD: SGD whose rate falls from step to step while the weights shrink by lambd·rate. The average of the weights, which
 * it keeps from step `t0` on, is not what trains, so it is left out.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.ASGD.html
 */
export const asgd = blockwise(
  (start) => next(start, ({ lr }) => lr),
  (step) => {
    const gradient = withCoupledDecay(step);
    const [shrinking = zerosLike(gradient), eta = zerosLike(gradient)] = step.slots;
    const alpha = option(step, 'alpha', 0.75);
    const slots = next(step, ({ lr, constants }) => lr / (1 + (constants.lambd ?? 0) * lr * step.number) ** alpha);
    return { weights: sub(mul(step.weights, shrinking), mul(gradient, eta)), slots };
  },
);
