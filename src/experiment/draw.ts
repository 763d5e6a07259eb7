import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ExperimentSpec, VariantSpec } from './spec';

/**
 * One problem, drawn once in JavaScript, so that every variant on every backend starts from the same bits.
 * All matrices are row-major float32.
 */
export interface Problem {
  batch: number;
  width: number;
  rank: number;
  /** Inputs x, [batch, width]. */
  inputs: Float32Array;
  /** What the frozen layer leaves over: W0·x − y, [batch, width]. It never changes, so it is computed once, in float64. */
  residual: Float32Array;
  /** A, [rank, width]. */
  a: Float32Array;
  /** B, [width, rank]. */
  b: Float32Array;
}

type Sizes = Pick<ExperimentSpec, 'width' | 'batch' | 'rank' | 'seed' | 'data'>;

/**
 * W0, inputs, targets and A from one seed. W0 and A are Kaiming-uniform with a = √5, which is U(±1/√width); B is zero.
 * @see https://github.com/microsoft/LoRA/blob/main/loralib/layers.py (the same init)
 */
export function drawProblem({ width, batch, rank, seed, data }: Sizes): Problem {
  const random = randomOf(seed);
  const bound = 1 / Math.sqrt(width);
  const frozen = fill(width * width, () => random.uniform(bound));
  const inputs = fill(batch * width, () => data.inputScale * random.normal());
  const targets =
    data.target === 'noise'
      ? fill(batch * width, () => data.targetScale * random.normal())
      : outputs(inputs, mapToLearn(width, frozen, data.targetScale, random), batch, width);
  const a = fill(rank * width, () => random.uniform(bound));
  const b = new Float32Array(width * rank);
  return { batch, width, rank, inputs, residual: residualOf(inputs, frozen, targets, batch, width), a, b };
}

/** W0·x − y, [batch, width], summed in float64. */
export function residualOf(
  inputs: ArrayLike<number>,
  frozen: ArrayLike<number>,
  targets: ArrayLike<number>,
  batch: number,
  width: number,
): Float32Array {
  const result = outputs(inputs, frozen, batch, width);
  return Float32Array.from(result, (value, i) => value - (targets[i] ?? 0));
}

/** Where one variant starts: the common draw times its init factors, A nudged by one unit in the last place if asked. */
export function startOf(problem: Problem, variant: VariantSpec): { a: Float32Array; b: Float32Array } {
  const a = problem.a.map((value) => value * variant.init.A);
  const b = problem.b.map((value) => value * variant.init.B);
  return { a: variant.ulpSeed === null ? a : nudged(a, variant.ulpSeed), b };
}

/** Every element one float32 up or down, as the seed decides. */
function nudged(values: Float32Array, seed: number): Float32Array {
  const random = randomOf(seed);
  const bits = new Int32Array(values.slice().buffer);
  return new Float32Array(bits.map((bit) => bit + (random.uniform(1) < 0 ? -1 : 1)).buffer);
}

function mapToLearn(width: number, frozen: ArrayLike<number>, scale: number, random: Random): Float64Array {
  const size = scale / Math.sqrt(width);
  return Float64Array.from({ length: width * width }, (_, i) => (frozen[i] ?? 0) + size * random.normal());
}

/** inputs · mapᵀ in float64, [batch, width]. */
function outputs(inputs: ArrayLike<number>, map: ArrayLike<number>, batch: number, width: number): Float64Array {
  const result = new Float64Array(batch * width);
  for (let row = 0; row < batch; row++) {
    for (let out = 0; out < width; out++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (inputs[row * width + i] ?? 0) * (map[out * width + i] ?? 0);
      result[row * width + out] = sum;
    }
  }
  return result;
}

interface Random {
  /** Between −bound and bound. */
  uniform(bound: number): number;
  /** Mean 0, standard deviation 1. */
  normal(): number;
}

function randomOf(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const unit = (): number => uniformFloat32(generator);
  return {
    uniform: (bound) => (2 * unit() - 1) * bound,
    // Twelve uniforms have variance 1. Unlike Box-Muller this needs no logarithm, whose last digit engines do not agree on.
    normal: () => fill(12, unit).reduce((sum, value) => sum + value, -6),
  };
}

function fill(length: number, next: () => number): Float32Array {
  return Float32Array.from({ length }, next);
}
