import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Numbers from a seed, the same on every machine. */
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
    // Twelve uniforms have variance 1. Unlike Box-Muller this needs no logarithm, whose last digit engines do not agree on.
    normal: () => fill(12, unit).reduce((sum, value) => sum + value, -6),
  };
}

/** Of the spec's seeds, the one from which the frozen model is drawn. */
export function firstOf([first]: readonly number[]): number {
  if (first === undefined) throw new Error('nothing can be drawn without a seed: a spec has at least one');
  return first;
}

export function fill(length: number, next: () => number): Float32Array {
  return Float32Array.from({ length }, next);
}

/** So many normal numbers from a seed: for optimizers that draw, alike for all variants. */
export function normalsOf(seed: number, count: number): Float32Array {
  const random = randomOf(seed);
  return fill(count, () => random.normal());
}
