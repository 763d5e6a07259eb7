import { add, dispose, reshape, sum, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { type LanguageModel, matricesOfShape, matrixOf, type ModelShape } from './model';
import { product } from '../../tensors/operations';
import type { Projection } from '../../spec';
import { crossEntropy, oneHot } from './attention';
import { decoder, lazy } from './decoder';
import { taskOf, type Task } from '../task';
import type { LayerPass } from '../layers';
import { partsOf } from './transformer';

/** Data of one step: tokens, and the token after each, [batch, sequence]. */
type Lesson = Readonly<Record<'seen' | 'said', readonly number[]>>;

/**
 * All weights of a language model, trained through the passes that LoRA is trained through; one variant.
 *
 *     x = E[token] + P[position]    logits = H·decoder(x)    y = W·x: ∂/∂W = gᵀ·x
 *
 * @param lessons one a step, from the first again where they run out
 */
export function pretrainingTask(model: LanguageModel, lessons: readonly Lesson[], batch: number): Task {
  const { shape } = model;
  const { sequence, width, vocabulary } = shape;
  const parts = partsOf(shape, batch);
  // All train with A's hyperparameters.
  const role = { factor: 'A', transposed: false } as const;
  const matrices = matricesOfShape(shape).map((matrix) => {
    return { ...matrix, ...role, layer: matrix.name, starts: [matrixOf(model, matrix.name)] };
  });
  return taskOf(
    matrices,
    (read, step) => {
      const { seen, said } = lessons[(step - 1) % lessons.length] ?? { seen: [], said: [] };
      const tokens = oneHot(seen, vocabulary);
      const vectors = reshape(product(tokens, read('embedding')), [batch, sequence, width]);
      const x = reshape(add(vectors, read('positions')), [1, batch * sequence, width]) as Tensor3D;
      const inputs = new Map<string, Tensor3D>();
      const layer = (name: string, input: Tensor3D): LayerPass => {
        const matrix = read(name);
        inputs.set(name, input);
        return { output: product(input, matrix, false, true), toInput: (gradient) => product(gradient, matrix) };
      };
      const layers = Array.from(
        { length: shape.layers },
        (_, block) => (projection: Projection, input: Tensor3D) => layer(`${projection}${block}`, input),
      );
      const { output, back } = decoder(x, parts.norm(x), layers, parts);
      const head = layer('head', output);
      const { loss, gradient } = crossEntropy(head.output, oneHot(said, vocabulary));

      const inside = back(lazy(() => head.toInput(gradient)));
      const gradients: Record<string, Tensor> = {};
      const toMatrix = (name: string, ofOutput: Tensor3D): void => {
        const input = inputs.get(name);
        if (input) gradients[name] = product(ofOutput, input, true);
      };
      toMatrix('head', gradient);
      inside.forEach(({ ofOutputs }, block) => {
        Object.entries(ofOutputs).forEach(([projection, ofOutput]) => toMatrix(`${projection}${block}`, ofOutput()));
      });
      const ofX = inside[0]?.ofInput() ?? x;
      gradients.embedding = product(tokens, ofX, true);
      gradients.positions = sum(reshape(ofX, [batch, sequence, width]), 0, true);
      return { loss, gradients };
    },
    () => dispose(parts.mask),
  );
}

/** The model with its trained weights, one tensor for each block. */
export function modelOf(
  shape: ModelShape,
  { blocks }: Pick<Task, 'blocks'>,
  weights: readonly Float32Array[],
): LanguageModel {
  const trained = blocks.flatMap(({ rows, columns, parameters }, block) =>
    parameters.map(({ name }, i) => {
      const size = rows * columns;
      return [name, weights[block]?.slice(i * size, (i + 1) * size) ?? new Float32Array()] as const;
    }),
  );
  return { shape, matrices: Object.fromEntries(trained) };
}
