import { mul, tensor, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import type { Dropout } from '../draw/random';
import type { VariantSpec } from '../spec';

/*
 * Data that differ between draws but not between variants. If all variants train on one draw, it is stored once with a
 * leading 1; otherwise each variant has the data of its draw.
 */

type DrawOfEach = readonly Pick<VariantSpec, 'draw'>[];

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
  const owners = ownersOf(variants);
  const drawn = draws.map((draw) => Float32Array.from(valuesOf(draw)));
  const size = rows * columns;
  return Array.from({ length: batches }, (_, batch) => {
    const values = new Float32Array(owners.length * size);
    owners.forEach((draw, i) => {
      values.set(drawn[draw]?.subarray(batch * size, (batch + 1) * size) ?? [], i * size);
    });
    return tensor(values, [owners.length, rows, columns]);
  });
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

/** The masks of a task's dropout. */
interface Masks {
  /** The mask of a layer's input x at a step, [variants | 1, rows, columns]; null without dropout. */
  at(x: Tensor3D, layer: string, step: number): Tensor3D | null;
}

export function masksOf(dropout: Dropout | null, variants: DrawOfEach): Masks {
  if (!dropout) return { at: () => null };
  const owners = ownersOf(variants);
  return {
    at({ shape: [, rows, columns] }, layer, step) {
      const size = rows * columns;
      const values = new Float32Array(owners.length * size);
      const drawn = new Map<number, Float32Array>();
      owners.forEach((draw, i) => {
        const mask = drawn.get(draw) ?? dropout.mask(draw, step, layer, size);
        drawn.set(draw, mask);
        values.set(mask, i * size);
      });
      return tensor(values, [owners.length, rows, columns]);
    },
  };
}

/** x after dropout. */
export function seenThrough(mask: Tensor3D | null, x: Tensor3D): Tensor3D {
  return mask ? mul(x, mask) : x;
}

/** The draw of each variant, or one draw for all. */
function ownersOf(variants: DrawOfEach): number[] {
  const owners = variants.map(({ draw }) => draw);
  return new Set(owners).size === 1 ? owners.slice(0, 1) : owners;
}
