import { dispose, tensor, transpose, type Tensor3D } from '@tensorflow/tfjs-core';
import { product } from '../tensors/operations';

/** A frozen matrix W0 [outputs, inputs], stored in both orientations, so that no product has to transpose it. */
export interface Frozen {
  outputs: number;
  /** x·W0ᵀ: [variants | 1, rows, inputs] to [variants | 1, rows, outputs]. */
  forward(x: Tensor3D): Tensor3D;
  /** g·W0, the backward pass. */
  backward(gradient: Tensor3D): Tensor3D;
  /** The squared norm of each row, in float64. */
  squares(): Float64Array;
  dispose(): void;
}

export function frozenMatrix(values: Float32Array, outputs: number, inputs: number): Frozen {
  const matrix = tensor(values, [1, outputs, inputs]) as Tensor3D;
  const turned = transpose(matrix, [0, 2, 1]);
  return {
    outputs,
    forward: (x) => product(x, turned),
    backward: (gradient) => product(gradient, matrix),
    squares: () =>
      Float64Array.from({ length: outputs }, (_, row) =>
        values.subarray(row * inputs, (row + 1) * inputs).reduce((total, value) => total + value ** 2, 0),
      ),
    dispose: () => dispose([matrix, turned]),
  };
}
