import { mul, tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import type { Dropout } from '../draw/dropout';
import type { VariantSpec } from '../spec';

/*
 * What differs between draws and not between their variants. Where all variants train on one draw, it is kept once and
 * has a leading 1; else every variant has its draw's.
 */

type Drawn = readonly Pick<VariantSpec, 'draw'>[];

/**
 * The rows of each mini-batch, [variants | 1, rows, columns].
 * @param draws of each draw [batches, rows, columns], row-major
 */
export function rowsOf(
  draws: readonly ArrayLike<number>[],
  variants: Drawn,
  { batches, rows, columns }: { batches: number; rows: number; columns: number },
): Tensor3D[] {
  const owners = ownersOf(variants);
  const drawn = draws.map((values) => Float32Array.from(values));
  const size = rows * columns;
  return Array.from({ length: batches }, (_, batch) => {
    const values = new Float32Array(owners.length * size);
    owners.forEach((draw, i) => {
      values.set(drawn[draw]?.subarray(batch * size, (batch + 1) * size) ?? [], i * size);
    });
    return tensor(values, [owners.length, rows, columns]);
  });
}

/** Of one tensor a mini-batch, the one that step (from 1) trains on. */
export function atStep<T>(batches: readonly T[], step: number): T {
  const batch = batches[(step - 1) % batches.length];
  if (batch === undefined) throw new Error(`there is no mini-batch for step ${step}`);
  return batch;
}

/** The masks of a task's dropout. */
export interface Masks {
  /** Of a layer's input x at that step, [variants | 1, rows, columns]; null where LoRA sees all of it. */
  at(x: Tensor3D, layer: string, step: number): Tensor3D | null;
}

export function masksOf(dropout: Dropout | null, variants: Drawn): Masks {
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

/** x as LoRA sees it. */
export function seenThrough(mask: Tensor3D | null, x: Tensor3D): Tensor3D {
  return mask ? mul(x, mask) : x;
}

/** The draw of each variant, or of all in one. */
function ownersOf(variants: Drawn): number[] {
  const owners = variants.map(({ draw }) => draw);
  return new Set(owners).size === 1 ? owners.slice(0, 1) : owners;
}
