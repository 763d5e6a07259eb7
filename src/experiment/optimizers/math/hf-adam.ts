import { add, div, sqrt, type Tensor } from '@tensorflow/tfjs-core';
import { averaged, averagedSquare } from './averages';
import type { Step } from '../optimizer';

/** The state of an Adam, and the direction it gives. */
export interface AdamDirection {
  mean: Tensor;
  spread: Tensor;
  /** mean / (√spread + eps), in the shape of both. */
  direction: Tensor;
  /** Factor on the rate that makes up for the averages' start at zero, by which eps is not corrected. */
  correction: number;
}

/**
 * Adam as in transformers' former AdamW, on which GaLore, APOLLO and LoRA-FA are built: unlike torch's it adds eps
 * before it corrects the averages.
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
