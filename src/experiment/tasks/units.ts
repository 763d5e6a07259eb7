import { mul } from '@tensorflow/tfjs-core';
import type { ExperimentSpec } from '../spec';
import type { Task } from './task';

/**
 * The task in the spec's own units of inputs and loss.
 *
 * Inputs σ times as large beside weights of 1/σ are `W0·x + s·B·A·(σ·x)`: the same as a scaling of σ·s, and so this is
 * how it is computed. A loss counted in another unit multiplies the gradients. Both are the same for all variants.
 */
export async function inUnits(
  spec: ExperimentSpec,
  build: (spec: ExperimentSpec) => Task | Promise<Task>,
): Promise<Task> {
  const { inputUnit = 1, lossUnit = 1 } = spec.data;
  const variants = spec.variants.map((variant) => ({ ...variant, scaling: variant.scaling * inputUnit }));
  const task = await build(inputUnit === 1 ? spec : { ...spec, variants });
  if (lossUnit === 1) return task;
  return {
    ...task,
    pass(...args) {
      const pass = task.pass(...args);
      return { ...pass, gradients: pass.gradients.map((gradient) => mul(gradient, lossUnit)) };
    },
  };
}
