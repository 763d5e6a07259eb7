import { dispose, mul, square, sub, tanh, tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import type { MlpProblem } from '../draw/mlp';
import type { VariantSpec } from '../spec';
import { frozenMatrix } from './frozen';
import { adapterMatrices, layoutOf } from './layout';
import { loraLayer } from './lora-layer';
import { meanOf, slopeOf, type RegressionLoss } from './loss';
import type { Task } from './task';

/** Two layers with LoRA in both and `tanh` between: `y = L2(tanh(L1(x)))`; the loss is the mean over all elements. */
export function mlpTask(problem: MlpProblem, variants: readonly VariantSpec[], loss: RegressionLoss): Task {
  const { batch, width, hidden, rank } = problem;
  const inputs = tensor(problem.inputs, [1, batch, width]) as Tensor3D;
  const targets = tensor(problem.targets, [1, batch, width]);
  const first = frozenMatrix(problem.first.frozen, hidden, width);
  const second = frozenMatrix(problem.second.frozen, width, hidden);
  const scaling = tensor(
    variants.map((variant) => variant.scaling),
    [variants.length, 1, 1],
    'float32',
  );
  const layout = layoutOf([
    ...adapterMatrices('1', rank, problem.first.adapter, variants),
    ...adapterMatrices('2', rank, problem.second.adapter, variants),
  ]);

  return {
    blocks: layout.blocks,
    start: () => layout.start(),
    pass(weights) {
      const factors = (layer: string) => ({
        a: layout.read(weights, `A${layer}`),
        b: layout.read(weights, `B${layer}`),
      });
      const up = loraLayer(inputs, first, scaling, factors('1'));
      const active = tanh(up.output);
      const down = loraLayer(active, second, scaling, factors('2'));
      const error = sub(down.output, targets);

      const ofOutput = slopeOf(loss, error) as Tensor3D;
      const ofHidden = mul(down.toInput(ofOutput), sub(1, square(active))) as Tensor3D;
      const [atFirst, atSecond] = [up.toFactors(ofHidden), down.toFactors(ofOutput)];
      const gradients = {
        ...(atFirst ? { A1: atFirst.a, B1: atFirst.b } : {}),
        ...(atSecond ? { A2: atSecond.a, B2: atSecond.b } : {}),
      };
      return { loss: meanOf(loss, error), gradients: layout.write(gradients) };
    },
    dispose() {
      dispose([inputs, targets, scaling]);
      [first, second].forEach((matrix) => matrix.dispose());
    },
  };
}
