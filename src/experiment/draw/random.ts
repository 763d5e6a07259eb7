import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

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

/** The seed of the frozen model. */
export function firstOf([first]: readonly number[]): number {
  if (first === undefined) throw new Error('nothing can be drawn without a seed: a spec has at least one');
  return first;
}

export function fill(length: number, next: () => number): Float32Array {
  return Float32Array.from({ length }, next);
}

/** Normal random numbers from a seed, for optimizers that draw; the same for all variants. */
export function normalsOf(seed: number, count: number): Float32Array {
  const random = randomOf(seed);
  return fill(count, () => random.normal());
}
