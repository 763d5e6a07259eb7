import { dispose, mul, square, sub, tidy, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import type { MlpDraw, MlpProblem } from '../draw/mlp';
import { tanhOf } from '../tensors/operations';
import { adapting, type Adaptation, type NamedPass } from './adapted-layer';
import { frozenMatrix } from './frozen';
import { layoutOf } from './layout';
import { meanOf, slopeOf, type RegressionLoss } from './loss';
import { atStep, rowsOf } from './data-rows';
import type { Task } from './task';

/**
 * An MLP with LoRA in every layer and `tanh` between: `y = L2(tanh(L1(x)))`. The loss is the mean over all elements.
 * The first frozen layer's output is computed once.
 */
export function mlpTask(
  { batch, batches, layers: frozenLayers, draws, rank }: MlpProblem,
  loss: RegressionLoss,
  adaptation: Omit<Adaptation, 'rank'>,
): Task {
  const { variants } = adaptation;
  const frozen = frozenLayers.map(({ frozen, outputs, inputs }) => frozenMatrix(frozen, outputs, inputs));
  const rows = (valuesOf: (draw: MlpDraw) => ArrayLike<number>, columns = 0): Tensor3D[] =>
    rowsOf(draws, valuesOf, variants, { batches, rows: batch, columns });
  const inputs = rows((draw) => draw.inputs, frozenLayers[0]?.inputs);
  const targets = rows((draw) => draw.targets, frozenLayers.at(-1)?.outputs);
  const plain = inputs.map((x) => tidy(() => frozen[0]?.forward(x) ?? x));
  const lora = adapting({ ...adaptation, rank });
  const layers = frozen.map((matrix, i) =>
    lora.layer({
      name: frozen.length === 1 ? '' : `${i + 1}`,
      frozen: matrix,
      adapters: draws.flatMap(({ adapters }) => adapters[i] ?? []),
    }),
  );
  const layout = layoutOf(layers.flatMap(({ matrices }) => matrices));

  return {
    blocks: layout.blocks,
    start: () => layout.start(),
    pass(weights, step) {
      const read = (name: string): Tensor3D => layout.read(weights, name);
      const passes: { pass: NamedPass; input: Tensor3D }[] = [];
      let output = atStep(inputs, step);
      layers.forEach((layer, i) => {
        const input = i === 0 ? output : tanhOf(output);
        const pass = layer.pass(input, read, step, i === 0 ? atStep(plain, step) : undefined);
        passes.push({ pass, input });
        output = pass.output;
      });
      const error = sub(output, atStep(targets, step));

      let gradient = slopeOf(loss, error) as Tensor3D;
      const gradients: Record<string, Tensor> = {};
      passes.toReversed().forEach(({ pass, input }, i) => {
        Object.assign(gradients, pass.gradients(gradient));
        // The gradient of the inputs is not needed.
        if (i < passes.length - 1) gradient = mul(pass.toInput(gradient), sub(1, square(input)));
      });
      return { loss: meanOf(loss, error), gradients: layout.write(gradients) };
    },
    dispose() {
      lora.dispose();
      frozen.forEach((matrix) => matrix.dispose());
      dispose([...inputs, ...targets, ...plain]);
    },
  };
}
