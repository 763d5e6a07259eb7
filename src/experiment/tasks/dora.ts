import { add, dispose, div, mul, sqrt, square, sub, sum, tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import type { LayerProblem } from '../draw/layer';
import { product } from '../products';
import type { VariantSpec } from '../spec';
import { adapterMatrices, layoutOf, type Matrix } from './layout';
import { meanOf, slopeOf, type RegressionLoss } from './loss';
import type { Task } from './task';

/**
 * One DoRA layer: `y = m · V/‖V‖ · x` with `V = W0 + s·B·A`, norms row by row. The magnitudes `m` start as the norms of
 * W0 and are trained; the norms of V count as constants in the backward pass, as in the paper's section 4.3 and in PEFT.
 *
 *     ∂/∂W = gᵀ·x    ∂/∂m = Σ ∂/∂W · V/‖V‖    ∂/∂V = ∂/∂W · m/‖V‖    ∂/∂A = s·Bᵀ·∂/∂V    ∂/∂Bᵀ = s·A·(∂/∂V)ᵀ
 *
 * @see https://arxiv.org/abs/2402.09353
 */
export function doraTask(problem: LayerProblem, variants: readonly VariantSpec[], loss: RegressionLoss): Task {
  const { batch, width, rank } = problem;
  const inputs = tensor(problem.inputs, [1, batch, width]) as Tensor3D;
  const targets = tensor(Float32Array.from(problem.targets), [1, batch, width]);
  const frozen = tensor(problem.frozen, [1, width, width]);
  const scaling = tensor(
    variants.map((variant) => variant.scaling),
    [variants.length, 1, 1],
    'float32',
  );
  const layout = layoutOf([...adapterMatrices('', rank, problem, variants), magnitudes(problem, variants)]);

  return {
    blocks: layout.blocks,
    start: () => layout.start(),
    pass(weights) {
      const [a, b, m] = ['A', 'B', 'm'].map((name) => layout.read(weights, name)) as [Tensor3D, Tensor3D, Tensor3D];
      const v = add(frozen, mul(scaling, product(b, a, true)));
      const norm = sqrt(sum(square(v), 2, true));
      const error = sub(product(inputs, div(mul(m, v), norm), false, true), targets) as Tensor3D;
      const downstream = product(slopeOf(loss, error) as Tensor3D, inputs, true);
      const ofV = mul(scaling, mul(downstream, div(m, norm))) as Tensor3D;
      const gradients = {
        A: product(b, ofV),
        B: product(a, ofV, false, true),
        m: sum(mul(downstream, div(v, norm)), 2, true),
      };
      return { loss: meanOf(loss, error), gradients: layout.write(gradients) };
    },
    dispose: () => dispose([inputs, targets, frozen, scaling]),
  };
}

/** `m`, [width, 1]: the norm of each row of W0. No change of scaling moves where it starts. */
function magnitudes({ width, frozen }: LayerProblem, variants: readonly VariantSpec[]): Matrix {
  const norms = Float32Array.from({ length: width }, (_, row) =>
    Math.sqrt(frozen.subarray(row * width, (row + 1) * width).reduce((total, value) => total + value ** 2, 0)),
  );
  const starts = variants.map(() => norms);
  return { name: 'm', factor: 'm', transposed: false, rows: width, columns: 1, starts };
}
