import { mul, tensor, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import type { Dropout } from '../draw/random';
import type { VariantSpec } from '../spec';

type DrawOfEach = readonly Pick<VariantSpec, 'draw'>[];

/**
 * Data that differ between draws but not between variants, [variants | 1, rows, columns]. If all variants train on one
 * draw, it is stored once; otherwise each variant has the data of its draw.
 */
function perDraw(
  variants: DrawOfEach,
  rows: number,
  columns: number,
  valuesOf: (draw: number) => ArrayLike<number>,
): Tensor3D {
  const all = variants.map(({ draw }) => draw);
  const owners = new Set(all).size === 1 ? all.slice(0, 1) : all;
  const known = new Map<number, ArrayLike<number>>();
  const values = new Float32Array(owners.length * rows * columns);
  owners.forEach((draw, i) => {
    const own = known.get(draw) ?? valuesOf(draw);
    known.set(draw, own);
    values.set(own, i * rows * columns);
  });
  return tensor(values, [owners.length, rows, columns]);
}

/**
 * The rows of each mini-batch, [variants | 1, rows, columns].
 * @param valuesOf a draw: [batches, rows, columns], row-major
 */
export function rowsOf<Draw>(
  draws: readonly Draw[],
  valuesOf: (draw: Draw) => ArrayLike<number>,
  variants: DrawOfEach,
  { batches, rows, columns }: { batches: number; rows: number; columns: number },
): Tensor3D[] {
  const drawn = draws.map((draw) => Float32Array.from(valuesOf(draw)));
  const size = rows * columns;
  return Array.from({ length: batches }, (_, batch) =>
    perDraw(variants, rows, columns, (draw) => drawn[draw]?.subarray(batch * size, (batch + 1) * size) ?? []),
  );
}

/** A number of each variant, [variants, 1, 1]. */
export function perVariant(variants: readonly VariantSpec[], numberOf: (variant: VariantSpec) => number): Tensor {
  return tensor(variants.map(numberOf), [variants.length, 1, 1], 'float32');
}

/** The tensor of the mini-batch that a step (from 1) trains on. */
export function atStep<T>(batches: readonly T[], step: number): T {
  const batch = batches[(step - 1) % batches.length];
  if (batch === undefined) throw new Error(`there is no mini-batch for step ${step}`);
  return batch;
}

/** The mask of a layer's input x at a step, [variants | 1, rows, columns]; null without dropout. */
export type Masks = (x: Tensor3D, layer: string, step: number) => Tensor3D | null;

export function masksOf(dropout: Dropout | null, variants: DrawOfEach): Masks {
  return ({ shape: [, rows, columns] }, layer, step) =>
    dropout && perDraw(variants, rows, columns, (draw) => dropout.mask(draw, step, layer, rows * columns));
}

/** x after dropout. */
export function seenThrough(mask: Tensor3D | null, x: Tensor3D): Tensor3D {
  return mask ? mul(x, mask) : x;
}
