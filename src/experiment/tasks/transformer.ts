import { dispose, tensor, tidy, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { layerShape, projectionsOf, type ModelShape } from '../draw/model';
import type { Adapter } from '../draw/adapter';
import type { TransformerProblem } from '../draw/transformer';
import type { Projection, VariantSpec } from '../spec';
import { causalMask } from './attention';
import { crossEntropy } from './cross-entropy';
import { decoder, type DecoderParts } from './decoder';
import { GATED, PLAIN } from './feed-forward';
import { frozenMatrix, type Frozen } from './frozen';
import { adapterMatrices, layoutOf } from './layout';
import { loraLayer, type LayerPass } from './lora-layer';
import { NORMS, type NormPass } from './norm';
import { oneHot } from './one-hot';
import { lazy } from './parts';
import type { Task } from './task';

/**
 * A decoder with LoRA on any of its layers and a frozen head; the loss is the cross entropy of the tokens. Both passes are
 * written by hand. What no variant can change, the norm of the inputs and what the frozen q, k and v of the first block
 * make of it, is computed once.
 */
export function transformerTask(problem: TransformerProblem, variants: readonly VariantSpec[]): Task {
  const { model, batch, rank } = problem;
  const { shape } = model;
  const parts = partsOf(shape, batch);
  const frozen = model.blocks.map((block) => frozenLayers(block, shape));
  const head = frozenMatrix(model.head, shape.vocabulary, shape.width);
  const scaling = tensor(
    variants.map((variant) => variant.scaling),
    [variants.length, 1, 1],
    'float32',
  );
  const adapted = adaptersOf(problem);
  const layout = layoutOf(adapted.flatMap(({ name, adapter }) => adapterMatrices(name, rank, adapter, variants)));
  const lessons = lessonsOf(problem, parts, frozen[0] ?? {});

  return {
    blocks: layout.blocks,
    start: () => layout.start(),
    pass(weights, step) {
      const lesson = lessons[(step - 1) % lessons.length];
      if (!lesson) throw new Error('a transformer needs at least one mini-batch');
      const passes = new Map<string, LayerPass>();
      const layers = frozen.map((matrices, block) => (projection: Projection, x: Tensor3D) => {
        const matrix = matrices[projection];
        if (!matrix) throw new Error(`a model has no ${projection} in block ${block + 1}`);
        const name = nameOf(block, projection);
        const factors = adapted.some((layer) => layer.name === name)
          ? { a: layout.read(weights, `A${name}`), b: layout.read(weights, `B${name}`) }
          : null;
        const known = block === 0 ? lesson.frozen[projection] : undefined;
        const pass = loraLayer(x, matrix, scaling, factors, known);
        passes.set(name, pass);
        return pass;
      });
      const { output, back } = decoder(lesson.inputs, lesson.before, layers, parts);
      const { loss, gradient } = crossEntropy(head.forward(output), lesson.targets);
      const inside = back(lazy(() => head.backward(gradient)));

      const gradients: Record<string, Tensor> = {};
      for (const { block, projection, name } of adapted) {
        const ofOutput = inside[block]?.ofOutputs[projection];
        const factors = ofOutput && passes.get(name)?.toFactors(ofOutput());
        if (factors) Object.assign(gradients, { [`A${name}`]: factors.a, [`B${name}`]: factors.b });
      }
      return { loss, gradients: layout.write(gradients) };
    },
    dispose() {
      frozen.flatMap((matrices) => Object.values(matrices)).forEach((matrix) => matrix.dispose());
      head.dispose();
      dispose([scaling, parts.mask]);
      lessons.forEach(({ inputs, before, frozen, targets }) => {
        dispose([inputs, before.output, ...Object.values(frozen), targets]);
      });
    },
  };
}

/** What the blocks of a model of this shape are made of. */
export function partsOf(shape: ModelShape, batch: number): DecoderParts {
  return {
    norm: NORMS[shape.norm],
    feedForward: shape.gated ? GATED : PLAIN,
    sizes: { batch, ...shape },
    mask: causalMask(shape.sequence),
  };
}

type FrozenLayers = Readonly<Partial<Record<Projection, Frozen>>>;

function frozenLayers(block: TransformerProblem['model']['blocks'][number], shape: ModelShape): FrozenLayers {
  return Object.fromEntries(
    projectionsOf(shape).map((projection) => {
      const { outputs, inputs } = layerShape(projection, shape);
      const values = block[projection];
      if (!values) throw new Error(`a model has no ${projection}`);
      return [projection, frozenMatrix(values, outputs, inputs)];
    }),
  );
}

/** A layer that has LoRA. */
interface Adapted {
  block: number;
  projection: Projection;
  /** `q` in the first block, `q2` in the second … */
  name: string;
  adapter: Adapter;
}

function adaptersOf({ draws }: TransformerProblem): Adapted[] {
  const [draw] = draws;
  return (draw?.adapters ?? []).flatMap((adapters, block) =>
    (Object.entries(adapters) as [Projection, Adapter][]).map(([projection, adapter]) => ({
      block,
      projection,
      name: nameOf(block, projection),
      adapter,
    })),
  );
}

function nameOf(block: number, projection: Projection): string {
  return block === 0 ? projection : `${projection}${block + 1}`;
}

/** A mini-batch, and what no step changes of it. */
interface Lesson {
  inputs: Tensor3D;
  before: NormPass;
  /** What the frozen matrices of the first block make of it. */
  frozen: Readonly<Partial<Record<Projection, Tensor3D>>>;
  targets: Tensor3D;
}

/** The layers of the first block whose inputs no LoRA has touched. */
const UNTOUCHED = ['q', 'k', 'v'] as const;

function lessonsOf(
  { model: { shape }, batch, batches, draws }: TransformerProblem,
  { norm }: DecoderParts,
  first: FrozenLayers,
): Lesson[] {
  const { sequence, width, vocabulary } = shape;
  const places = batch * sequence;
  const [{ inputs: vectors, targets: tokens } = { inputs: new Float32Array(), targets: [] }] = draws;
  return Array.from({ length: batches }, (_, i) => {
    const rows = vectors.subarray(i * places * width, (i + 1) * places * width);
    const inputs = tensor(rows, [1, places, width]) as Tensor3D;
    const output = tidy(() => norm(inputs).output);
    return {
      inputs,
      before: { output, toInput: (gradient) => norm(inputs).toInput(gradient) },
      frozen: Object.fromEntries(
        UNTOUCHED.map((projection) => [projection, tidy(() => first[projection]?.forward(output))]),
      ) as Lesson['frozen'],
      targets: oneHot(Array.from(tokens).slice(i * places, (i + 1) * places), vocabulary),
    };
  });
}
