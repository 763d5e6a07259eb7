import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { VariantSpec, ExperimentSpec } from '../spec';

/** Random numbers from a seed, the same on every machine. */
export interface Random {
  /** Between −bound and bound. */
  uniform(bound: number): number;
  /** Mean 0, standard deviation 1. */
  normal(): number;
}

export function randomOf(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const unit = (): number => uniformFloat32(generator);
  return {
    uniform: (bound) => (2 * unit() - 1) * bound,
    // The sum of twelve uniforms has variance 1. Box-Muller would need a logarithm, whose last bit differs between
    // JavaScript engines.
    normal: () => fill(12, unit).reduce((sum, value) => sum + value, -6),
  };
}

export function firstOf([first]: readonly number[]): number {
  if (first === undefined) throw new Error('nothing can be drawn without a seed: a spec has at least one');
  return first;
}

export function fill(length: number, next: () => number): Float32Array {
  return Float32Array.from({ length }, next);
}

/** For optimizers that draw; the same for all variants. */
export function normalsOf(seed: number, count: number): Float32Array {
  const random = randomOf(seed);
  return fill(count, () => random.normal());
}

/**
 * The initial adapter of one linear layer, the same for all variants: A [rank, inputs] and B [outputs, rank],
 * row-major.
 */
export type InitialAdapter = Record<'a' | 'b', Float32Array>;

/**
 * A is Kaiming-uniform with a = √5, which is U(±1/√inputs); B is zero.
 * @see https://github.com/microsoft/LoRA/blob/main/loralib/layers.py
 */
export function drawAdapter(random: Random, rank: number, inputs: number, outputs: number): InitialAdapter {
  return { a: kaiming(random, rank, inputs), b: new Float32Array(outputs * rank) };
}

/** Where the A of a layer comes from: the draw's numbers, or for nested ranks numbers of its own, row by row. */
export const adapterRandom = (random: Random, { nested }: { nested?: true }, seed: number, layer: string): Random =>
  nested ? randomOf(seedOf(seed, 0, layer)) : random;

/** A matrix [rows, columns] with torch's init of a linear layer: U(±1/√columns). */
export function kaiming(random: Random, rows: number, columns: number): Float32Array {
  return fill(rows * columns, () => random.uniform(1 / Math.sqrt(columns)));
}

/** The start of one variant: the common draw times its init factors; with A's rows repeated; for controls, A nudged. */
export function startOf(adapter: InitialAdapter, variant: VariantSpec, rank: number): InitialAdapter {
  const { rows = rank } = variant;
  const own = (adapter.a.length / rank) * rows;
  const a = adapter.a.map((_, i) => (adapter.a[i % own] ?? 0) * variant.init.A);
  const b = adapter.b.map((value) => value * variant.init.B);
  return { a: variant.ulpSeed === null ? a : nudged(a, variant.ulpSeed), b };
}

/** Moves every element to the next float32 up or down, by the seed. */
function nudged(values: Float32Array, seed: number): Float32Array {
  const random = randomOf(seed);
  const bits = new Int32Array(values.slice().buffer);
  return new Float32Array(bits.map((bit) => bit + (random.uniform(1) < 0 ? -1 : 1)).buffer);
}

/** The dropout masks of each draw. */
export interface Dropout {
  /** For each element 0 or 1/(1 − p). @param draw index into the spec's seeds @param step from 1 */
  mask(draw: number, step: number, layer: string, length: number): Float32Array;
}

/**
 * A mask depends only on seed, step, layer and length, so it is the same for all variants and in every worker.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html
 */
export function dropoutOf({ dropout, seeds }: Pick<ExperimentSpec, 'dropout' | 'seeds'>): Dropout | null {
  if (dropout === 0) return null;
  const kept = 1 / (1 - dropout);
  const threshold = dropout * 2 ** 32;
  return {
    mask(draw, step, layer, length) {
      const generator = xoroshiro128plus(seedOf(seeds[draw] ?? 0, step, layer));
      const mask = new Float32Array(length);
      for (let i = 0; i < length; i++) mask[i] = generator.next() >>> 0 < threshold ? 0 : kept;
      return mask;
    },
  };
}

function seedOf(seed: number, step: number, layer: string): number {
  const name = [...layer].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7);
  return scrambled(scrambled(scrambled(seed) ^ step) ^ name);
}

/**
 * Spreads every bit of a number over all bits.
 * @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp (its 32-bit finalizer)
 */
function scrambled(number: number): number {
  const first = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}
