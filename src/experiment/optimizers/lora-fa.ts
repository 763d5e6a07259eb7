import {
  greater,
  mul,
  reshape,
  sub,
  tensor,
  where,
  zeros,
  zerosLike,
  type Tensor,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { product } from '../tensors/operations';
import { constant, type Optimizer, rateOf, type Start, type Step, type Updated } from './optimizer';
import { thenDecoupledDecay } from './math/decay';
import { eigenOf, gramInFloat64 } from './math/eigen';
import { adamDirection } from './math/hf-adam';
import { matricesOf } from './math/matrices';

/** Added to the diagonal of A·Aᵀ. PEFT has no way to set it. */
const DELTA = 1e-8;

/**
 * LoRA-FA as PEFT has it: A stays frozen, and B follows Adam along its gradient times (A·Aᵀ + δ·I)⁻¹ / s², which is what
 * brings the layer closest to a step of the full matrix.
 * @see https://arxiv.org/abs/2308.03303
 * @see https://github.com/huggingface/peft/blob/main/src/peft/optimizers/lorafa.py
 */
export const loraFa: Optimizer = {
  frozen: 'A',
  start: ({ weights }) => {
    const [parameters = 1, variants = 1, rows = 1] = weights.shape;
    return [zerosLike(weights), zerosLike(weights), zeros([parameters * variants, rows, rows])];
  },
  update: (steps) => steps.map((step) => stepOf(step, steps)),
};

function stepOf(step: Step, steps: readonly Step[]): Updated {
  const { weights, gradient, slots, each } = step;
  const [mean = gradient, spread = gradient, before] = slots;
  const inverse = (step.number > 1 && before ? before : inversesFor(step, steps)) as Tensor3D;
  // B is kept transposed: G·M with a symmetric M is M·Gᵀ here.
  const projected = reshape(product(inverse, matricesOf(gradient)), gradient.shape);
  const along = mul(
    projected,
    each((_, { parameter, variant }) => (parameter.factor === 'B' ? 1 / variant.scaling ** 2 : 1)),
  );
  const eps = constant(step, 'eps');
  const adam = adamDirection(step, [mean, spread], along, eps);
  const moved = sub(weights, mul(adam.direction, rateOf(step, adam.correction)));
  const isTrained = greater(
    each((_, { parameter }) => (parameter.factor === 'A' ? 0 : 1)),
    0,
  );
  return {
    weights: where(isTrained, thenDecoupledDecay(step, moved), weights),
    slots: [adam.mean, adam.spread, inverse],
  };
}

/**
 * (A·Aᵀ + δ·I)⁻¹ for every B, with the A of its layer; the unit matrix for other parameters. Downloads the numbers
 * (`dataSync`), because tfjs cannot invert a matrix; only in the first step, because A never changes.
 */
function inversesFor({ block, weights }: Start, steps: readonly Step[]): Tensor {
  const [, variants = 1, rows = 1] = weights.shape;
  const matrices = block.parameters.flatMap(({ layer, factor }) => {
    const a = factor === 'B' ? factorAOf(steps, layer) : undefined;
    return Array.from({ length: variants }, (_, variant) => {
      if (!a) return unit(rows);
      return inverse(gramInFloat64(a.numbers.subarray(variant * a.size, (variant + 1) * a.size), rows, DELTA), rows);
    });
  });
  return tensor(
    matrices.flatMap((matrix) => [...matrix]),
    [matrices.length, rows, rows],
  );
}

/** The A of a layer, for all variants in order. */
function factorAOf(steps: readonly Step[], layer: string): { numbers: Float32Array; size: number } | undefined {
  for (const { block, weights } of steps) {
    const index = block.parameters.findIndex((parameter) => parameter.factor === 'A' && parameter.layer === layer);
    if (index < 0) continue;
    const [, variants = 1, rows = 1, columns = 1] = weights.shape;
    const all = weights.dataSync() as Float32Array;
    const size = rows * columns;
    return { numbers: all.subarray(index * variants * size, (index + 1) * variants * size), size };
  }
  return undefined;
}

function inverse(symmetric: Float64Array, size: number): Float64Array {
  const { values, vectors } = eigenOf(symmetric, size);
  return square(size, (i, j) =>
    values.reduce((sum, value, n) => sum + ((vectors[i * size + n] ?? 0) * (vectors[j * size + n] ?? 0)) / value, 0),
  );
}

function unit(size: number): Float64Array {
  return square(size, (i, j) => (i === j ? 1 : 0));
}

function square(size: number, element: (row: number, column: number) => number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, at) => element(Math.floor(at / size), at % size));
}
