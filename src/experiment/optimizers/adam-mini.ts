import { add, div, mean, mul, sqrt, square, sub, tensor, where, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { averaged, lerp } from './math/averages';
import { constant, zeros, blockwise, type Step } from './optimizer';
import { withDecoupledDecay } from './math/decay';

/**
 * Adam-mini on the matrices that it divides row by row: AdamW with one mean square for each row.
 * @see https://arxiv.org/abs/2406.16793 and https://github.com/zyushun/Adam-mini (adam_mini/adam_mini.py)
 */
export const adamMini = blockwise(zeros(2), (step) => {
  const { number, settings, gradient, each } = step;
  const [beta1, beta2] = settings.betas;
  const [first = gradient, second = gradient] = step.slots;
  const spread = averaged(second, rowMeans(step), beta2);
  const moment = lerp(first, gradient, 1 - beta1);
  const denominator = add(div(sqrt(spread), Math.sqrt(1 - beta2 ** number)), constant(step, 'eps'));
  const update = mul(moment, div(1 / (1 - beta1 ** number), denominator));
  const rate = each(({ lr }) => lr);
  return { weights: sub(withDecoupledDecay(step), mul(update, rate)), slots: [moment, spread] };
});

/**
 * Mean square of the gradient over each row of the matrix in the trainer's layout, repeated in every element of the
 * row.
 */
function rowMeans({ gradient, block }: Step): Tensor {
  const squares = square(gradient);
  const everywhere = (axis: number): Tensor => add(zerosLike(squares), mean(squares, axis, true));
  const transposed = block.parameters.map((parameter) => parameter.transposed);
  const turned = tensor(transposed, [transposed.length, 1, 1, 1], 'bool');
  return where(turned, everywhere(2), everywhere(3));
}
