import type { TensorInfo } from '@tensorflow/tfjs-core';
import { LINEAR_PASS } from '../../tensors/fused';
import type { KernelModule } from './module';
import { placeOf, registerOwn, type KernelCall } from './register';

interface Inputs {
  /** [variants | 1, rows, width] */
  seen: TensorInfo;
  /** [variants | 1, rows, width] */
  residual: TensorInfo;
  /** A and Bᵀ, [2, variants, rank, width] */
  weights: TensorInfo;
  /** [variants, 1, 1] */
  scaling: TensorInfo;
  /** [variants, 1, 1] */
  slope: TensorInfo;
}

interface Attributes {
  loss: 'mse' | 'l1';
}

/** Both passes through a layer with LoRA in one call: the formulas are those of tasks/linear.ts. */
export function installLinearPass(kernels: KernelModule): void {
  registerOwn(LINEAR_PASS, ({ inputs, attrs, backend }: KernelCall<Inputs, Attributes>) => {
    const { seen, residual, weights, scaling, slope } = inputs;
    const [, variants = 0, rank = 0, width = 0] = weights.shape;
    const [, rows = 0] = seen.shape;
    const losses = backend.makeOutput([variants], 'float32');
    const gradient = backend.makeOutput(weights.shape, 'float32');
    const at = (tensor: TensorInfo): number => placeOf(backend, tensor);
    const next = ({ shape: [count] }: TensorInfo): number => (count === 1 ? 0 : 4 * rows * width);
    kernels.linearPass(
      ...[variants, rows, width, rank, at(seen), next(seen), at(residual), next(residual), at(weights)],
      ...[at(scaling), at(slope), attrs.loss === 'mse' ? 1 : 0, at(losses), at(gradient)],
      kernels.scratch(kernels.bytesOfLinearPass(rows, width, rank)),
    );
    return [losses, gradient];
  });
}
