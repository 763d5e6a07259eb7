import { mul, sub, tensor, zeros, type Tensor3D } from '@tensorflow/tfjs-core';
import { product } from '../tensors/operations';
import { constant, option, blockwise, type Start } from './optimizer';
import { thenDecoupledDecay } from './math/decay';
import { eigenOf, gramInFloat64 } from './math/eigen';
import { adamDirection } from './math/hf-adam';
import { matricesOf, unwide, wide } from './math/matrices';

/**
 * GaLoreAdamW: Adam on the gradient's projection onto its `rank` strongest directions along the shorter side, computed
 * again every `updateGap` steps. The step is projected back and multiplied by `scale`. The shorter side of a LoRA
 * factor is its rank, so nothing is left out unless `rank` is smaller.
 * @see https://github.com/jiaweizzhao/GaLore/blob/master/galore_torch/adamw.py
 * @see https://github.com/jiaweizzhao/GaLore/blob/master/galore_torch/galore_projector.py (proj_type `std`)
 */
export const galore = blockwise(
  (start) => {
    const { count, short, long, rank } = sizes(start);
    return [zeros([count, rank, long]), zeros([count, rank, long]), zeros([count, short, rank])];
  },
  (step) => {
    const { weights, gradient, slots, number, each } = step;
    const [mean = gradient, spread = gradient, before] = slots as Tensor3D[];
    const full = wide(gradient);
    const directions =
      before && (number - 1) % option(step, 'updateGap', 200) !== 0 ? before : strongest(full, sizes(step).rank);
    const eps = matricesOf(constant(step, 'eps'));
    const adam = adamDirection(step, [mean, spread], product(directions, full, true), eps);
    const back = unwide(product(directions, adam.direction as Tensor3D), gradient);
    const moved = sub(
      weights,
      mul(
        back,
        each(({ lr }) => lr * adam.correction * option(step, 'scale', 0.25)),
      ),
    );
    return { weights: thenDecoupledDecay(step, moved), slots: [adam.mean, adam.spread, directions] };
  },
);

function sizes(start: Start): { count: number; short: number; long: number; rank: number } {
  const [parameters = 1, variants = 1, rows = 1, columns = 1] = start.weights.shape;
  const short = Math.min(rows, columns);
  const rank = Math.min(short, option(start, 'rank', 128));
  return { count: parameters * variants, short, long: Math.max(rows, columns), rank };
}

/**
 * Left singular vectors of every matrix, strongest first: [matrices, rows, rank]. Downloads the numbers (`dataSync`),
 * because tfjs has no such decomposition; only at a refresh.
 */
function strongest(matrices: Tensor3D, rank: number): Tensor3D {
  const [count, rows, columns] = matrices.shape;
  const numbers = matrices.dataSync();
  const vectors = new Float32Array(count * rows * rank);
  for (let matrix = 0; matrix < count; matrix++) {
    const size = rows * columns;
    const { vectors: all } = eigenOf(gramInFloat64(numbers.subarray(matrix * size, (matrix + 1) * size), rows), rows);
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < rank; i++) vectors[(matrix * rows + row) * rank + i] = all[row * rows + rows - 1 - i] ?? 0;
    }
  }
  return tensor(vectors, [count, rows, rank]) as Tensor3D;
}
