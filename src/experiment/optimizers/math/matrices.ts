import { add, div, reshape, slice, sqrt, square, sum, tensor, tile, transpose, zeros } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { normalsOf } from '../../draw/random';
import type { WeightBlock, Parameter } from '../../tasks/task';

/** [parameters, variants, rows, columns] → [parameters · variants, rows, columns]. */
export function matricesOf(tensor: Tensor): Tensor3D {
  const [parameters = 1, variants = 1, rows = 1, columns = 1] = tensor.shape;
  return reshape(tensor, [parameters * variants, rows, columns]);
}

export function zeroMatrices(count: number, rows: number, columns: number): Tensor3D {
  return zeros([count, rows, columns]);
}

/** The matrices of a block with the shorter side as rows: A as stored, B transposed. */
export function wide(tensor: Tensor): Tensor3D {
  const matrices = matricesOf(tensor);
  return isTall(tensor) ? transpose(matrices, [0, 2, 1]) : matrices;
}

/** The inverse of {@link wide}: back to the orientation of `like`. */
export function unwide(matrices: Tensor3D, like: Tensor): Tensor {
  return reshape(isTall(like) ? transpose(matrices, [0, 2, 1]) : matrices, like.shape);
}

function isTall({ shape: [, , rows = 1, columns = 1] }: Tensor): boolean {
  return rows > columns;
}

/** Rows and columns of a parameter in the trainers' layout: A is [rank, in], B is [out, rank]. */
export function sizesOf({ rows, columns }: WeightBlock, { transposed }: Parameter): { rows: number; columns: number } {
  return transposed ? { rows: columns, columns: rows } : { rows, columns };
}

/**
 * Normal random numbers for every matrix of a block, [parameters · variants, rows, columns], by the parameter's name
 * and the number of the draw. All variants get the same, so that they can be compared.
 */
export function drawn(block: WeightBlock, variants: number, rows: number, columns: number, draw: number): Tensor3D {
  const numbers = block.parameters.flatMap(({ name }) => [...normalsOf(seedOf(name, draw), rows * columns)]);
  const single = tensor(numbers, [block.parameters.length, 1, rows, columns]);
  return matricesOf(tile(single, [1, variants, 1, 1]));
}

function seedOf(name: string, draw: number): number {
  return [...name].reduce((seed, letter) => seed * 31 + letter.charCodeAt(0), 7) + draw;
}

/**
 * Every matrix of a stack in place of what `compute` makes of its numbers, `columns` in a row. Downloads them
 * (`dataSync`): tfjs has no decompositions, and JavaScript does a few hundred small ones in the time of a few
 * operations.
 */
export function mapMatrices(
  matrices: Tensor3D,
  columns: number,
  compute: (numbers: Float32Array) => ArrayLike<number>,
): Tensor3D {
  const [count, rows, width] = matrices.shape;
  const numbers = matrices.dataSync<'float32'>();
  const result = new Float32Array(count * rows * columns);
  for (let i = 0; i < count; i++) {
    result.set(compute(numbers.subarray(i * rows * width, (i + 1) * rows * width)), i * rows * columns);
  }
  return tensor(result, [count, rows, columns]);
}

/**
 * Sum of each matrix: [parameters, variants, rows, columns] → [parameters, variants, 1, 1]. Shorter sums round less, so
 * row by row first.
 */
export function sumOf(matrices: Tensor): Tensor {
  return sum(sum(matrices, 3, true), 2, true);
}

/** Sum over all parameters of a variant, from one tensor per block: [1, variants, 1, 1]. */
export function total(blocks: readonly Tensor[]): Tensor {
  return blocks.map((block) => sum(sumOf(block), 0, true)).reduce((sofar, part) => add(sofar, part));
}

/** The first parameter's number, out of [parameters, variants, 1, 1]: the first group decides shared numbers. */
export function ofFirst(perParameter: Tensor): Tensor {
  return slice(perParameter, [0, 0, 0, 0], [1, perParameter.shape[1] ?? 1, 1, 1]);
}

/** Frobenius norm of each matrix, [parameters, variants, 1, 1]. */
export function normOf(matrices: Tensor): Tensor {
  return sqrt(sumOf(square(matrices)));
}

/** Root mean square of each matrix's elements, [parameters, variants, 1, 1]. */
export function rmsOf(matrices: Tensor): Tensor {
  const [, , rows = 1, columns = 1] = matrices.shape;
  return div(normOf(matrices), Math.sqrt(rows * columns));
}

/**
 * Euclidean length along an axis, which stays with size 1. tfjs's own `norm` uses a power, which WebGL computes through
 * a logarithm, so its bits change with the scale.
 */
export function lengthAlong(values: Tensor, axis: number | number[]): Tensor {
  return sqrt(sum(square(values), axis, true));
}
