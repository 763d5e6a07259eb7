import { abs, div, mul, square, sum, type Tensor } from '@tensorflow/tfjs-core';
import { signOf } from '../tensors/operations';
import { fused, MEAN_LOSS } from '../tensors/fused';
import type { ExperimentSpec } from '../spec';

/** Losses of a task whose targets are numbers; the mean over all elements. */
export type RegressionLoss = Exclude<ExperimentSpec['loss'], 'ce'>;

/** Mean of an elementwise loss of each variant, [variants]. @param error output − target, [variants, rows, columns] */
export function meanOf(loss: RegressionLoss, error: Tensor): Tensor {
  const [atOnce] = fused(MEAN_LOSS, { error }, { loss }) ?? [];
  if (atOnce) return atOnce;
  const costs = loss === 'mse' ? square(error) : abs(error);
  return div(sum(costs, [1, 2]), elementsOf(error));
}

/**
 * The derivative of the loss with respect to the error, without the factor {@link slopeFactor}. At 0 the derivative of
 * |e| is 0, as in torch.
 */
export function direction(loss: RegressionLoss, error: Tensor): Tensor {
  return loss === 'mse' ? error : signOf(error);
}

/** The factor that {@link direction} leaves out, for a mean over this many elements. */
export function slopeFactor(loss: RegressionLoss, elements: number): number {
  return (loss === 'mse' ? 2 : 1) / elements;
}

/** ∂loss/∂error, in the shape of the error. */
export function slopeOf(loss: RegressionLoss, error: Tensor): Tensor {
  return mul(direction(loss, error), slopeFactor(loss, elementsOf(error)));
}

/**
 * The spec's loss, for tasks with numeric targets.
 * @throws Error if the loss needs tokens
 */
export function regressionLoss({ loss, task }: Pick<ExperimentSpec, 'loss' | 'task'>): RegressionLoss {
  if (loss === 'ce') throw new Error(`the task ${task} has numbers for targets: its loss is l1 or mse, not ce`);
  return loss;
}

function elementsOf({ size, shape: [count = 1] }: Tensor): number {
  return size / count;
}
