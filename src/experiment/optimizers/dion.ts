import { add, div, greater, mul, sub, tensor, where, zerosLike, type Tensor3D } from '@tensorflow/tfjs-core';
import { product } from '../tensors/operations';
import { constant, option, blockwise } from './optimizer';
import { withDecoupledDecay } from './math/decay';
import { drawn, matricesOf, sizesOf, unwide, wide } from './math/matrices';
import { lengthAlong } from './math/norms';
import { orthonormalColumns } from './math/orthonormal';

/**
 * Dion: Muon's idea with a few directions only, found by one power iteration a step from those of the step before.
 *
 *     P = orthonormal(M·Q)    R = Mᵀ·P    M −= (1 − μ)·P·Rᵀ    Q = R with columns of length 1    w −= lr·√(out/in)·P·Qᵀ
 *
 * M has its longer side in the rows. Q starts random. The published code makes P orthonormal through a random sketch,
 * which on paper gives what Gram-Schmidt gives; `rankFraction` says how many directions.
 * @see https://github.com/microsoft/dion/blob/main/dion/dion.py
 */
export const dion = blockwise(
  (start) => {
    const { weights, block } = start;
    const [, variants = 1, rows = 1, columns = 1] = weights.shape;
    const short = Math.min(rows, columns);
    const directions = Math.min(short, Math.ceil(option(start, 'rankFraction', 1) * short));
    return [zerosLike(weights), drawn(block, variants, short, directions, 0)];
  },
  (step) => {
    const { gradient, slots, settings, block, each } = step;
    const before = (slots[1] ?? gradient) as Tensor3D;
    const momentum = add(slots[0] ?? gradient, gradient);
    const m = wide(momentum);
    const p = orthonormal(product(m, before, true));
    const r = product(m, p);
    const feedback = mul(product(r, p, false, true), 1 - settings.momentum);
    const eps = matricesOf(constant(step, 'eps'));
    const size = lengthAlong(m, [1, 2]);
    // Without a gradient, P is zero and the random start stays. The length of its columns has no effect.
    const q = where(greater(size, 0), div(r, add(lengthAlong(r, 1), eps)), before) as Tensor3D;
    const rate = each(({ lr }, { parameter }) => {
      const { rows, columns } = sizesOf(block, parameter);
      return lr * Math.sqrt(rows / columns);
    });
    const update = unwide(product(q, p, false, true), gradient);
    return {
      weights: sub(withDecoupledDecay(step), mul(update, rate)),
      slots: [sub(momentum, unwide(feedback as Tensor3D, gradient)), q],
    };
  },
);

/** Downloads the numbers (`dataSync`), because tfjs would need several operations for each column. */
function orthonormal(matrices: Tensor3D): Tensor3D {
  const [count, rows, columns] = matrices.shape;
  const numbers = matrices.dataSync();
  const result = new Float32Array(numbers.length);
  for (let at = 0; at < numbers.length; at += rows * columns) {
    result.set(orthonormalColumns(numbers.subarray(at, at + rows * columns), rows, columns), at);
  }
  return tensor(result, [count, rows, columns]) as Tensor3D;
}
