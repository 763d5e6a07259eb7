import { abs, add, matMul, mean, mul, square, reshape, sub, tensor2d, tidy, train, variable } from '@tensorflow/tfjs';
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { startOf } from '../../src/experiment/draw/random';
import type { MlpProblem } from '../../src/experiment/draw/mlp';
import type { ExperimentSpec } from '../../src/experiment/spec';

/**
 * The same training as tfjs' own guides would have it: one variant after the other, gradients by tfjs, its own
 * optimizers, the loss read after every step. The baseline our loop is held against.
 */
export function trainNaively(spec: ExperimentSpec, problem: MlpProblem): number[][] {
  const { batch, rank, layers, draws } = problem;
  const [{ inputs: width, frozen: w0 }] = layers;
  const [draw] = draws;
  const adapter = draw?.adapters[0];
  if (!draw || !adapter) throw new Error('a problem without a draw cannot be trained');
  return spec.variants.map((variant) => {
    const start = startOf(adapter, variant);
    const a = variable(tensor2d(start.a, [rank, width]));
    const b = variable(tensor2d(start.b, [width, rank]));
    const x = tensor2d(draw.inputs, [batch, width]);
    const frozen = tensor2d(w0, [width, width]);
    const y = tensor2d(Float32Array.from(draw.targets), [batch, width]);
    const optimizer = spec.optimizer.row === 'sgd' ? train.sgd(variant.a.lr) : train.adam(variant.a.lr);
    const cost = (): Tensor => {
      const lora = mul(matMul(matMul(x, a, false, true), b, false, true), variant.scaling);
      const error = sub(add(matMul(x, frozen, false, true), lora), y);
      return mean(spec.loss === 'mse' ? square(error) : abs(error));
    };
    const losses: number[] = [];
    for (let step = 0; step < spec.steps; step++) {
      tidy(() => {
        const loss = optimizer.minimize(() => reshape(cost(), []) as Scalar, true, [a, b]);
        losses.push(loss?.dataSync()[0] ?? Number.NaN);
      });
    }
    optimizer.dispose();
    [a, b, x, y, frozen].forEach((kept) => kept.dispose());
    return losses;
  });
}
