import { add, div, sqrt, type Tensor } from '@tensorflow/tfjs-core';
import { averaged, averagedSquare } from './averages';
import type { Step } from '../optimizer';

/** Adam's new state, and the direction of its step. */
interface AdamDirection {
  mean: Tensor;
  spread: Tensor;
  /** mean / (√spread + eps), in the shape of both. */
  direction: Tensor;
  /** Bias correction as a factor on the rate; eps is not corrected. */
  correction: number;
}

/**
 * Adam of transformers' former AdamW class, on which GaLore, APOLLO and LoRA-FA are based. Unlike torch's Adam, it adds
 * eps before the bias correction.
 * @param step `number` counts the steps of the averages
 * @param eps of each matrix, in a shape that broadcasts to the gradient's
 */
export function adamDirection(
  { settings, number }: Pick<Step, 'settings' | 'number'>,
  [mean, spread]: readonly [Tensor, Tensor],
  gradient: Tensor,
  eps: Tensor,
): AdamDirection {
  const [beta1, beta2] = settings.betas;
  const nextMean = averaged(mean, gradient, beta1);
  const nextSpread = averagedSquare(spread, gradient, beta2);
  return {
    mean: nextMean,
    spread: nextSpread,
    direction: div(nextMean, add(sqrt(nextSpread), eps)),
    correction: Math.sqrt(1 - beta2 ** number) / (1 - beta1 ** number),
  };
}
