import { concat, div, maximum, mul, slice, sub, type Tensor } from '@tensorflow/tfjs-core';
import { blockwise, constant, option, rateOf, type Step } from './optimizer';
import { withDecoupledDecay } from './math/decay';
import { lengthAlong } from './math/norms';

/**
 * SinkGD: normalises the gradient's rows and columns to the same length, several times. It has no state. `lrScale` is
 * Axolotl's factor on the rate.
 * @see https://arxiv.org/abs/2502.06742
 * @see https://github.com/axolotl-ai-cloud/axolotl/blob/main/src/axolotl/utils/optimizers/sinkgd.py
 */
export const sinkgd = blockwise(
  () => [],
  (step) => {
    const rate = option(step, 'lrScale', 0.05);
    const slower: Step = {
      ...step,
      each: (compute) => step.each((hyper, place) => compute({ ...hyper, lr: hyper.lr * rate }, place)),
    };
    const update = mul(balanced(step), rateOf(slower));
    return { weights: sub(withDecoupledDecay(slower), update), slots: [] };
  },
);

/** Normalises rows first, in the trainer's layout; in a transposed parameter these are columns. */
function balanced(step: Step): Tensor {
  const { block, gradient } = step;
  const [, variants = 1, rows = 1, columns = 1] = gradient.shape;
  const least = constant(step, 'eps');
  const matrices = block.parameters.map(({ transposed }, i) => {
    const eps = slice(least, [i, 0, 0, 0], [1, variants, 1, 1]);
    const even = (x: Tensor, axis: number): Tensor => {
      const length = Math.sqrt(axis === 3 ? columns : rows);
      return mul(x, div(length, maximum(lengthAlong(x, axis), eps)));
    };
    let x: Tensor = slice(gradient, [i, 0, 0, 0], [1, variants, rows, columns]);
    for (let n = 0; n < option(step, 'iterations', 5); n++) x = transposed ? even(even(x, 2), 3) : even(even(x, 3), 2);
    return x;
  });
  return concat(matrices, 0);
}
