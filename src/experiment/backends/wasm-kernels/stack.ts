import type { TensorInfo } from '@tensorflow/tfjs-core';

/** Matrices one after the other in memory, `count` of them; 1 = one for all. */
export interface Stack {
  count: number;
  rows: number;
  columns: number;
}

/** One side of a product. */
export type Operand = readonly [tensor: TensorInfo, stack: Stack, transposed: boolean];

/** What a product of two matrices makes of its sides: [rows, inner] times [inner, columns]. */
export interface Product {
  rows: number;
  inner: number;
  columns: number;
}

export function stackOf({ shape }: TensorInfo): Stack {
  const [rows = 1, columns = 1] = shape.slice(-2);
  let count = 1;
  for (let i = 0; i < shape.length - 2; i++) count *= shape[i] ?? 1;
  return { count, rows, columns };
}
