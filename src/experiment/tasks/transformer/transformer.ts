import { dispose, tidy, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { type LanguageModel, layerShape, matrixOf, type ModelShape, projectionsOf } from './model';
import type { TransformerDraw, TransformerProblem } from '../../draw/transformer';
import type { Projection } from '../../spec';
import { adapting, frozenMatrix } from '../layers';
import type { Adaptation, AdaptedLayer, AdaptedPass, Frozen, LayerPass } from '../layers';
import { causalMask, crossEntropy, oneHotRows } from './attention';
import { decoder, type DecoderParts, GATED, PLAIN, NORMS, lazy } from './decoder';
import { taskOf, type Task } from '../task';
import { atStep, rowsOf } from '../data-rows';

/**
 * A decoder with LoRA on some layers and a frozen head; the loss is the cross entropy of the next token. The norm of
 * the inputs and the frozen outputs of q, k and v in the first block are the same for all variants, so they are
 * computed once.
 */
export function transformerTask(problem: TransformerProblem, adaptation: Adaptation): Task {
  const { model, batch, rank } = problem;
  const { shape } = model;
  const parts = partsOf(shape, batch);
  const frozen = Array.from({ length: shape.layers }, (_, block) => frozenLayers(model, block));
  const head = frozenMatrix(matrixOf(model, 'head'), shape.vocabulary, shape.width);
  const lora = adapting(adaptation, rank);
  const adapted = frozen.flatMap((matrices, block) =>
    (Object.entries(matrices) as [Projection, Frozen][]).flatMap(([projection, matrix]) => {
      const adapters = problem.draws.flatMap((draw) => draw.adapters[block]?.[projection] ?? []);
      const name = nameOf(block, projection);
      const layer = adapters.length > 0 && lora.layer({ name, frozen: matrix, adapters });
      return layer ? [{ block, projection, name, layer }] : [];
    }),
  );
  const layerOf = new Map<string, AdaptedLayer>(adapted.map(({ name, layer }) => [name, layer]));
  const miniBatches = miniBatchesOf(problem, parts, frozen[0] ?? {}, adaptation.variants);

  return taskOf(
    adapted.flatMap(({ layer }) => layer.matrices),
    (read, step) => {
      const miniBatch = atStep(miniBatches, step);
      const passes = new Map<string, AdaptedPass>();
      const layers = frozen.map((matrices, block) => (projection: Projection, x: Tensor3D): LayerPass => {
        const matrix = matrices[projection];
        if (!matrix) throw new Error(`a model has no ${projection} in block ${block + 1}`);
        const name = nameOf(block, projection);
        const known = block === 0 ? miniBatch.frozen[projection] : undefined;
        const pass = layerOf.get(name)?.pass(x, read, step, known);
        if (!pass) return { output: known ?? matrix.forward(x), toInput: (gradient) => matrix.backward(gradient) };
        passes.set(name, pass);
        return pass;
      });
      const { output, back } = decoder(miniBatch.inputs, miniBatch.before, layers, parts);
      const { loss, gradient } = crossEntropy(head.forward(output), miniBatch.targets);
      const inside = back(lazy(() => head.backward(gradient)));

      const gradients: Record<string, Tensor> = {};
      for (const { block, projection, name } of adapted) {
        const ofOutput = inside[block]?.ofOutputs[projection];
        if (ofOutput) Object.assign(gradients, passes.get(name)?.gradients(ofOutput()));
      }
      return { loss, gradients };
    },
    () => {
      frozen.flatMap((matrices) => Object.values(matrices)).forEach((matrix) => matrix.dispose());
      head.dispose();
      lora.dispose();
      dispose(parts.mask);
      miniBatches.forEach(({ inputs, before, frozen, targets }) => {
        dispose([inputs, before.output, ...Object.values(frozen), targets]);
      });
    },
  );
}

export function partsOf(shape: ModelShape, batch: number): DecoderParts {
  return {
    norm: NORMS[shape.norm],
    feedForward: shape.gated ? GATED : PLAIN,
    sizes: { batch, ...shape },
    mask: causalMask(shape.sequence),
  };
}

type FrozenLayers = Readonly<Partial<Record<Projection, Frozen>>>;

function frozenLayers(model: LanguageModel, block: number): FrozenLayers {
  return Object.fromEntries(
    projectionsOf(model.shape).map((projection) => {
      const { outputs, inputs } = layerShape(projection, model.shape);
      return [projection, frozenMatrix(matrixOf(model, `${projection}${block}`), outputs, inputs)];
    }),
  );
}

/** `q` in the first block, `q2` in the second … */
function nameOf(block: number, projection: Projection): string {
  return block === 0 ? projection : `${projection}${block + 1}`;
}

interface MiniBatch {
  inputs: Tensor3D;
  before: LayerPass;
  /** Outputs of the first block's frozen matrices. */
  frozen: Readonly<Partial<Record<Projection, Tensor3D>>>;
  targets: Tensor3D;
}

const UNTOUCHED = ['q', 'k', 'v'] as const;

function miniBatchesOf(
  { model: { shape }, batch, batches, draws }: TransformerProblem,
  { norm }: DecoderParts,
  first: FrozenLayers,
  variants: Adaptation['variants'],
): MiniBatch[] {
  const { sequence, width, vocabulary } = shape;
  const rows = (valuesOf: (draw: TransformerDraw) => ArrayLike<number>, columns: number): Tensor3D[] =>
    rowsOf(draws, valuesOf, variants, { batches, rows: batch * sequence, columns });
  const vectors = rows(({ inputs }) => inputs, width);
  const tokens = rows(({ targets }) => oneHotRows(targets, vocabulary), vocabulary);
  return vectors.map((inputs, i): MiniBatch => {
    const output = tidy(() => norm(inputs).output);
    return {
      inputs,
      before: { output, toInput: (gradient) => norm(inputs).toInput(gradient) },
      frozen: Object.fromEntries(
        UNTOUCHED.map((projection) => [projection, tidy(() => first[projection]?.forward(output))]),
      ) as MiniBatch['frozen'],
      targets: atStep(tokens, i + 1),
    };
  });
}
