import { abs, div, mul, square, sum, type Tensor, add, dispose, type Tensor3D, sub, tidy } from '@tensorflow/tfjs-core';
import { signOf, fused, MEAN_LOSS, LINEAR_PASS, product, tanhOf } from '../tensors/operations';
import type { ExperimentSpec, VariantSpec } from '../spec';
import type { Dropout } from '../draw/random';
import { type MlpDraw, type MlpLayer, type MlpProblem, outputs } from '../draw/mlp';
import { adapterMatrices, taskOf, type Task } from './task';
import { atStep, masksOf, perVariant, rowsOf, seenThrough } from './data-rows';
import { adapting, type Adaptation, type AdaptedPass, frozenMatrix } from './layers';

/** Losses of targets that are numbers; the mean over all elements. */
type RegressionLoss = Exclude<ExperimentSpec['loss'], 'ce'>;

/** Mean of an elementwise loss of each variant, [variants]. @param error output − target, [variants, rows, columns] */
export function meanOf(loss: RegressionLoss, error: Tensor): Tensor {
  const [atOnce] = fused(MEAN_LOSS, { error }, { loss }) ?? [];
  if (atOnce) return atOnce;
  const costs = loss === 'mse' ? square(error) : abs(error);
  return div(sum(costs, [1, 2]), elementsOf(error));
}

/** The slope of the loss without the factor {@link slopeFactor}; that of |e| at 0 is 0, as in torch. */
export function direction(loss: RegressionLoss, error: Tensor): Tensor {
  return loss === 'mse' ? error : signOf(error);
}

/** The factor that {@link direction} leaves out. */
function slopeFactor(loss: RegressionLoss, elements: number): number {
  return (loss === 'mse' ? 2 : 1) / elements;
}

/** @throws Error if the loss needs tokens */
export function regressionLoss({ loss, task }: Pick<ExperimentSpec, 'loss' | 'task'>): RegressionLoss {
  if (loss === 'ce') throw new Error(`the task ${task} has numbers for targets: its loss is l1 or mse, not ce`);
  return loss;
}

function elementsOf({ size, shape: [count = 1] }: Tensor): number {
  return size / count;
}

/**
 * One LoRA layer, `y = W0·x + s·B·A·x`, against fixed targets; of a problem with several layers the first alone, which
 * must be square. With B kept transposed, a step is five products and a few elementwise operations for all variants
 * together:
 *
 *     h = x·Aᵀ    e = (W0·x − y) + (s·h)·Bᵀ    d = ∂loss/∂e up to 1/elements
 *     ∂/∂Bᵀ = (s/elements · h)ᵀ·d              ∂/∂A = (s/elements · d·B)ᵀ·x
 *
 * The frozen part is computed once for each mini-batch. Under dropout A sees x∘mask in both passes, the frozen layer
 * all of x.
 */
export function linearTask(
  { batch, batches, rank, layers: [layer], draws }: MlpProblem,
  variants: readonly VariantSpec[],
  loss: RegressionLoss,
  dropout: Dropout | null = null,
): Task {
  const width = layer.inputs;
  const sizes = { batches, rows: batch, columns: width };
  const inputs = rowsOf(draws, (draw) => draw.inputs, variants, sizes);
  const residuals = rowsOf(draws, (draw) => residualOf(layer, draw), variants, sizes);
  const masks = masksOf(dropout, variants);
  const scaling = perVariant(variants, (variant) => variant.scaling);
  const factor = slopeFactor(loss, batch * width);
  const slope = perVariant(variants, (variant) => variant.scaling * factor);
  const adapters = draws.flatMap((draw) => draw.adapters);
  return taskOf(
    adapterMatrices('', rank, adapters, variants),
    (read, step, [both]) => {
      const x = atStep(inputs, step);
      const seen = seenThrough(masks(x, '', step), x);
      const residual = atStep(residuals, step);
      if (both) {
        const given = { seen, residual, weights: both, scaling, slope };
        const [cost, ...slopes] = fused(LINEAR_PASS, given, { loss }) ?? [];
        if (cost) return { loss: cost, gradients: slopes };
      }
      const [a, b] = [read('A'), read('B')];
      const h = product(seen, a, false, true);
      const error = add(residual, product(mul(scaling, h), b)) as Tensor3D;
      const downstream = direction(loss, error) as Tensor3D;
      const gradients = {
        A: product(mul(slope, product(downstream, b, false, true)), seen, true),
        B: product(mul(slope, h), downstream, true),
      };
      return { loss: meanOf(loss, error), gradients };
    },
    () => dispose([...inputs, ...residuals, scaling, slope]),
  );
}

/** W0·x − y, [rows, width], summed in float64: all that the loss needs of the frozen layer. */
export function residualOf(
  { inputs: width, frozen }: MlpLayer,
  { inputs, targets }: Omit<MlpDraw, 'adapters'>,
): Float32Array {
  const plain = outputs(inputs, frozen, inputs.length / width, width);
  return Float32Array.from(plain, (value, i) => value - (targets[i] ?? 0));
}

/**
 * An MLP with LoRA in every layer and `tanh` between: `y = L2(tanh(L1(x)))`. The first frozen layer's output is
 * computed once.
 */
export function mlpTask(
  { batch, batches, layers: frozenLayers, draws, rank }: MlpProblem,
  loss: RegressionLoss,
  adaptation: Adaptation,
): Task {
  const { variants } = adaptation;
  const frozen = frozenLayers.map(({ frozen, outputs, inputs }) => frozenMatrix(frozen, outputs, inputs));
  const rows = (valuesOf: (draw: MlpDraw) => ArrayLike<number>, columns = 0): Tensor3D[] =>
    rowsOf(draws, valuesOf, variants, { batches, rows: batch, columns });
  const inputs = rows((draw) => draw.inputs, frozenLayers[0]?.inputs);
  const targets = rows((draw) => draw.targets, frozenLayers.at(-1)?.outputs);
  const plain = inputs.map((x) => tidy(() => frozen[0]?.forward(x) ?? x));
  const lora = adapting(adaptation, rank);
  const layers = frozen.map((matrix, i) => {
    const name = frozen.length === 1 ? '' : `${i + 1}`;
    return lora.layer({ name, frozen: matrix, adapters: draws.flatMap(({ adapters }) => adapters[i] ?? []) });
  });
  return taskOf(
    layers.flatMap(({ matrices }) => matrices),
    (read, step) => {
      const passes: { pass: AdaptedPass; input: Tensor3D }[] = [];
      let output = atStep(inputs, step);
      layers.forEach((layer, i) => {
        const input = i === 0 ? output : tanhOf(output);
        const pass = layer.pass(input, read, step, i === 0 ? atStep(plain, step) : undefined);
        passes.push({ pass, input });
        output = pass.output;
      });
      const error = sub(output, atStep(targets, step));

      let gradient = mul(direction(loss, error), slopeFactor(loss, elementsOf(error))) as Tensor3D;
      const gradients: Record<string, Tensor> = {};
      passes.toReversed().forEach(({ pass, input }, i) => {
        Object.assign(gradients, pass.gradients(gradient));
        // The gradient of the inputs is not needed.
        if (i < passes.length - 1) gradient = mul(pass.toInput(gradient), sub(1, square(input)));
      });
      return { loss: meanOf(loss, error), gradients };
    },
    () => {
      lora.dispose();
      frozen.forEach((matrix) => matrix.dispose());
      dispose([...inputs, ...targets, ...plain]);
    },
  );
}
