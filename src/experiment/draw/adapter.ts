import type { VariantSpec } from '../spec';
import { fill, randomOf, type Random } from './random';

/** The initial adapter of one linear layer, the same for all variants. Row-major float32. */
export interface InitialAdapter {
  /** A, [rank, inputs]. */
  a: Float32Array;
  /** B, [outputs, rank]. */
  b: Float32Array;
}

/**
 * A is Kaiming-uniform with a = √5, which is U(±1/√inputs); B is zero.
 * @see https://github.com/microsoft/LoRA/blob/main/loralib/layers.py
 */
export function drawAdapter(random: Random, rank: number, inputs: number, outputs: number): InitialAdapter {
  return { a: kaiming(random, rank, inputs), b: new Float32Array(outputs * rank) };
}

/** A matrix [rows, columns] with torch's init of a linear layer: U(±1/√columns). */
export function kaiming(random: Random, rows: number, columns: number): Float32Array {
  return fill(rows * columns, () => random.uniform(1 / Math.sqrt(columns)));
}

/** The start of one variant: the common draw times its init factors; for controls, with A nudged. */
export function startOf(adapter: InitialAdapter, variant: VariantSpec): InitialAdapter {
  const a = adapter.a.map((value) => value * variant.init.A);
  const b = adapter.b.map((value) => value * variant.init.B);
  return { a: variant.ulpSeed === null ? a : nudged(a, variant.ulpSeed), b };
}

/** Moves every element to the next float32 up or down, by the seed. */
function nudged(values: Float32Array, seed: number): Float32Array {
  const random = randomOf(seed);
  const bits = new Int32Array(values.slice().buffer);
  return new Float32Array(bits.map((bit) => bit + (random.uniform(1) < 0 ? -1 : 1)).buffer);
}
