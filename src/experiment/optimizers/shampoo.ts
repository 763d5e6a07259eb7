import { add, eye, mul, reshape, sub, tensor, tile, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { basesOf, gramsOf, into, outOf, type Bases } from './math/bases';
import { blockwise, constant, rateOf, type Start } from './optimizer';
import { withCoupledDecay } from './math/decay';
import { matricesOf } from './math/matrices';

/**
 * Shampoo: L^(−1/4)·G·R^(−1/4) with L = eps·I + ΣG·Gᵀ and R = eps·I + ΣGᵀ·G.
 *
 * Both powers are taken at once, in the eigenvectors of L and R, as (λ·ρ)^(−1/4): then a factor of two on the gradient
 * is a factor of 1/2 on that, without a rounding, where the single powers would be multiplied by 2^(−1/2).
 * @see https://arxiv.org/abs/1802.09568, algorithm 1
 */
export const shampoo = blockwise(
  (start) => {
    const { rows, columns } = start.block;
    return [startOf(start, rows), startOf(start, columns)];
  },
  (step) => {
    const { weights, slots, block } = step;
    const gradient = withCoupledDecay(step);
    const grams = gramsOf(gradient);
    const [left, right] = [grams.left, grams.right].map((gram, i) => add(gram, slots[i] ?? 0)) as [Tensor3D, Tensor3D];
    const [leftBases, rightBases] = [basesOf(left), basesOf(right)];
    const least = constant(step, 'eps').dataSync();
    const powers = powersOf(leftBases, rightBases, least, block.rows, block.columns);
    const turned = into(matricesOf(gradient), leftBases, rightBases);
    const update = reshape(outOf(mul(turned, powers), leftBases, rightBases), gradient.shape);
    return {
      weights: sub(weights, mul(update, rateOf(step))),
      slots: [left, right],
    };
  },
);

/** eps·I for every matrix: [parameters · variants, size, size]. */
function startOf(start: Start, size: number): Tensor {
  const eps = matricesOf(constant(start, 'eps'));
  return mul(tile(reshape(eye(size), [1, size, size]), [eps.size, 1, 1]), eps);
}

/** (λᵢ·ρⱼ)^(−1/4) of every matrix. Eigenvalues are below eps only by rounding. */
function powersOf(left: Bases, right: Bases, least: ArrayLike<number>, rows: number, columns: number): Tensor3D {
  const powers = new Float32Array(left.values.length * rows * columns);
  left.values.forEach((ofRows, matrix) => {
    const floor = least[matrix] ?? 0;
    ofRows.forEach((row, i) =>
      right.values[matrix]?.forEach((column, j) => {
        const both = Math.max(row, floor) * Math.max(column, floor);
        powers[(matrix * rows + i) * columns + j] = both > 0 ? 1 / Math.sqrt(Math.sqrt(both)) : 0;
      }),
    );
  });
  return tensor(powers, [left.values.length, rows, columns]) as Tensor3D;
}
