import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ExperimentSpec } from '../spec';

/** The dropout masks of a draw, the same for all variants. */
export interface Dropout {
  /**
   * For each element 0 or 1/(1 − p).
   * @param draw index into the spec's seeds
   * @param step from 1
   * @param layer name of the layer among those of the task
   */
  mask(draw: number, step: number, layer: string, length: number): Float32Array;
}

/**
 * The spec's dropout, or null. A mask depends only on seed, step, layer and length, so it is the same for all variants
 * and in every worker.
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

/** Combines three numbers to one seed, so that neighbouring steps are independent. */
function seedOf(seed: number, step: number, layer: string): number {
  const name = [...layer].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7);
  return scrambled(scrambled(scrambled(seed) ^ step) ^ name);
}

/**
 * Every bit of the result depends on every bit of the number.
 * @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp (its 32-bit finalizer)
 */
function scrambled(number: number): number {
  const first = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}
