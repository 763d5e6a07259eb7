import {
  abs,
  add,
  concat,
  dispose,
  div,
  mul,
  reshape,
  slice,
  square,
  sum,
  tensor,
  type Tensor,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { startOf, type Problem } from '../draw';
import { product } from '../products';
import { signOf } from '../sign';
import type { ExperimentSpec, VariantSpec } from '../spec';
import type { Block, Pass, Task } from './task';

/**
 * One LoRA layer, `y = W0·x + s·B·A·x`, against fixed targets; the loss is the mean over all elements.
 * Forward and backward pass are written by hand, with B kept transposed, so that a step is five products and a few
 * elementwise operations for all variants together:
 *
 *     h = x·Aᵀ    e = (W0·x − y) + (s·h)·Bᵀ    d = ∂loss/∂e up to 1/elements
 *     ∂/∂Bᵀ = (s/elements · h)ᵀ·d              ∂/∂A = (s/elements · d·B)ᵀ·x
 *
 * The scaling goes onto the small matrices, and the largest are never transposed.
 */
export function linearTask(problem: Problem, variants: readonly VariantSpec[], loss: ExperimentSpec['loss']): Task {
  const { batch, width, rank } = problem;
  const count = variants.length;
  const elements = batch * width;
  const inputs = tensor(problem.inputs, [1, batch, width]) as Tensor3D;
  const residual = tensor(problem.residual, [1, batch, width]);
  const perVariant = (values: number[]): Tensor => tensor(values, [count, 1, 1], 'float32');
  const scaling = perVariant(variants.map((variant) => variant.scaling));
  const slope = perVariant(variants.map((variant) => (variant.scaling * (loss === 'mse' ? 2 : 1)) / elements));
  const size = tensor(elements, [], 'float32');

  const block: Block = {
    rows: rank,
    columns: width,
    parameters: [
      { name: 'A', factor: 'A', transposed: false },
      { name: 'B', factor: 'B', transposed: true },
    ],
  };

  return {
    blocks: [block],
    start: () => [tensor(startingWeights(problem, variants), [2, count, rank, width])],
    pass([weights]): Pass {
      if (!weights) throw new Error('a layer needs its A and B');
      const [a, b] = [0, 1].map((factor) => factorOf(weights, factor)) as [Tensor3D, Tensor3D];
      const h = product(inputs, a, false, true);
      const error = add(residual, product(mul(scaling, h), b)) as Tensor3D;
      // torch, too, takes the slope of |e| at 0 for 0.
      const downstream = loss === 'mse' ? error : signOf(error);
      const gradientB = product(mul(slope, h), downstream, true);
      const gradientA = product(mul(slope, product(downstream, b, false, true)), inputs, true);
      const costs = loss === 'mse' ? square(error) : abs(error);
      return {
        // Row by row first: a shorter sum rounds less.
        loss: div(sum(sum(costs, 2), 1), size),
        gradients: [reshape(concat([gradientA, gradientB]), weights.shape)],
      };
    },
    dispose: () => dispose([inputs, residual, scaling, slope, size]),
  };
}

function factorOf(weights: Tensor, factor: number): Tensor {
  const [, count = 0, rows = 0, columns = 0] = weights.shape;
  return reshape(slice(weights, [factor, 0, 0, 0], [1, count, rows, columns]), [count, rows, columns]);
}

/** [2, variants, rank, width]: every A, then every Bᵀ. */
function startingWeights(problem: Problem, variants: readonly VariantSpec[]): Float32Array {
  const { rank, width } = problem;
  const size = rank * width;
  const weights = new Float32Array(2 * variants.length * size);
  variants.forEach((variant, i) => {
    const { a, b } = startOf(problem, variant);
    weights.set(a, i * size);
    for (let row = 0; row < width; row++) {
      for (let column = 0; column < rank; column++) {
        weights[(variants.length + i) * size + column * width + row] = b[row * rank + column] ?? 0;
      }
    }
  });
  return weights;
}
