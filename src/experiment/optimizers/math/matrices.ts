import { reshape, tensor, tile, transpose, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { normalsOf } from '../../draw/random';
import type { Block, Parameter } from '../../tasks/task';

/** What the optimizers share that look at a whole matrix and not at each of its elements. */

/** Every matrix of a block by itself: [parameters, variants, rows, columns] → [parameters · variants, rows, columns]. */
export function matricesOf(tensor: Tensor): Tensor3D {
  const [parameters = 1, variants = 1, rows = 1, columns = 1] = tensor.shape;
  return reshape(tensor, [parameters * variants, rows, columns]);
}

/** The same with the shorter side in the rows, whatever the block: A as it is, and B transposed. */
export function wide(tensor: Tensor): Tensor3D {
  const matrices = matricesOf(tensor);
  return isTall(tensor) ? transpose(matrices, [0, 2, 1]) : matrices;
}

/** Back from {@link wide} to how `like` stands in its block. */
export function unwide(matrices: Tensor3D, like: Tensor): Tensor {
  return reshape(isTall(like) ? transpose(matrices, [0, 2, 1]) : matrices, like.shape);
}

function isTall({ shape: [, , rows = 1, columns = 1] }: Tensor): boolean {
  return rows > columns;
}

/** Rows and columns of a parameter as the trainers keep it: A is [rank, in], B is [out, rank]. */
export function sizesOf({ rows, columns }: Block, { transposed }: Parameter): { rows: number; columns: number } {
  return transposed ? { rows: columns, columns: rows } : { rows, columns };
}

/**
 * Normal numbers for every matrix of a block: [parameters · variants, rows, columns]. A parameter has its own, by its
 * name and the number of the draw; all variants have the same, because they are to be compared.
 */
export function drawn(block: Block, variants: number, rows: number, columns: number, draw: number): Tensor3D {
  const numbers = block.parameters.flatMap(({ name }) => [...normalsOf(seedOf(name, draw), rows * columns)]);
  const single = tensor(numbers, [block.parameters.length, 1, rows, columns]);
  return matricesOf(tile(single, [1, variants, 1, 1]));
}

function seedOf(name: string, draw: number): number {
  return [...name].reduce((seed, letter) => seed * 31 + letter.charCodeAt(0), 7) + draw;
}
