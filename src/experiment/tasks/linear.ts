import { add, dispose, mul, type Tensor3D } from '@tensorflow/tfjs-core';
import type { Dropout } from '../draw/dropout';
import type { MlpDraw, MlpLayer, MlpProblem } from '../draw/mlp';
import { outputs } from '../draw/outputs';
import { fused, LINEAR_PASS } from '../tensors/fused';
import { product } from '../tensors/operations';
import type { VariantSpec } from '../spec';
import { adapterMatrices, layoutOf } from './layout';
import { direction, meanOf, slopeFactor, type RegressionLoss } from './loss';
import { atStep, masksOf, perVariant, rowsOf, seenThrough } from './data-rows';
import type { Task } from './task';

/**
 * One LoRA layer, `y = W0·x + s·B·A·x`, against fixed targets; the loss is the mean over all elements. Of a problem with
 * several layers it trains the first alone, which must be square.
 * Forward and backward pass are written by hand, with B kept transposed, so that a step is five products and a few
 * elementwise operations for all variants together:
 *
 *     h = x·Aᵀ    e = (W0·x − y) + (s·h)·Bᵀ    d = ∂loss/∂e up to 1/elements
 *     ∂/∂Bᵀ = (s/elements · h)ᵀ·d              ∂/∂A = (s/elements · d·B)ᵀ·x
 *
 * The scaling goes onto the small matrices, and the largest are never transposed. The frozen part is computed once for
 * each mini-batch. Under dropout A sees x∘mask in both passes, the frozen layer all of x.
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
  const layout = layoutOf(adapterMatrices('', rank, adapters, variants));

  return {
    blocks: layout.blocks,
    start: () => layout.start(),
    pass(weights, step) {
      const x = atStep(inputs, step);
      const seen = seenThrough(masks.at(x, '', step), x);
      const residual = atStep(residuals, step);
      const [both] = weights;
      if (both) {
        const given = { seen, residual, weights: both, scaling, slope };
        const [cost, ...slopes] = fused(LINEAR_PASS, given, { loss }) ?? [];
        if (cost) return { loss: cost, gradients: slopes };
      }
      const [a, b] = [layout.read(weights, 'A'), layout.read(weights, 'B')];
      const h = product(seen, a, false, true);
      const error = add(residual, product(mul(scaling, h), b)) as Tensor3D;
      const downstream = direction(loss, error) as Tensor3D;
      const gradients = {
        A: product(mul(slope, product(downstream, b, false, true)), seen, true),
        B: product(mul(slope, h), downstream, true),
      };
      return { loss: meanOf(loss, error), gradients: layout.write(gradients) };
    },
    dispose: () => dispose([...inputs, ...residuals, scaling, slope]),
  };
}

/** W0·x − y, [rows, width], summed in float64: all that the loss needs of the frozen layer. */
export function residualOf(
  { inputs: width, frozen }: MlpLayer,
  { inputs, targets }: Omit<MlpDraw, 'adapters'>,
): Float32Array {
  const plain = outputs(inputs, frozen, inputs.length / width, width);
  return Float32Array.from(plain, (value, i) => value - (targets[i] ?? 0));
}
