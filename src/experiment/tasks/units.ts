import { mul } from '@tensorflow/tfjs-core';
import type { ExperimentSpec } from '../spec';
import type { Task } from './task';

/**
 * The task in the spec's units of inputs and loss.
 *
 * Inputs σ times as large with weights 1/σ as large give `W0·x + s·B·A·(σ·x)`, which is a scaling of σ·s; it is
 * computed that way. Another unit of the loss multiplies the gradients. Both are the same for all variants.
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
