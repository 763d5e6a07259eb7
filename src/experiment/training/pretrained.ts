import { drawTexts } from '../draw/language';
import { drawModel, languageOf, lessonOf } from '../draw/transformer';
import { BLOCK, matricesOfShape, matrixOf, modelShapeOf, modelWith } from '../tasks/transformer/model';
import { PRETRAINING_TEXTS, type LanguageModel, type ModelShape } from '../tasks/transformer/model';
import type { BackendId, ExperimentSpec } from '../spec';
import { modelOf, pretrainingTask } from '../tasks/transformer/pretraining';
import { train, type TrainHooks, type TrainingSpec } from './train';
import { baseOf } from '../variants/variants';

const RATE = 0.04;

/** Cached for later runs of a worker; each has about ten thousand numbers. */
const KEPT = 4;
const kept = new Map<string, LanguageModel>();

export type BaseSpec = Pick<ExperimentSpec, 'seeds' | 'width' | 'sizes' | 'block'>;

/** Bases that need no training any more, by what they are made from (`baseKey`). */
export type ReadyBases = ReadonlyMap<string, LanguageModel>;

type BaseHooks = Pick<TrainHooks, 'isStopped' | 'pause'> & { bases?: ReadyBases };

/** All that a base depends on but the backend: shape, steps and seed. */
export function baseKey(spec: BaseSpec): string {
  return JSON.stringify([modelShapeOf(spec), (spec.block ?? BLOCK).pretrainSteps, spec.seeds[0]]);
}

/** The shape that a key of `baseKey` was made with. */
export function shapeOfKey(key: string): ModelShape {
  const [shape] = JSON.parse(key) as [ModelShape];
  return shape;
}

/**
 * The base model of a transformer experiment: random weights from the first seed, briefly trained with Adam on one
 * dialect. A base from `bases` has the same bits on every backend, one that is trained here those of the running one.
 * @throws Error for sizes that a transformer cannot have
 */
export async function pretrained(
  spec: BaseSpec,
  backend: BackendId,
  { bases, ...hooks }: BaseHooks,
): Promise<LanguageModel> {
  const shape = modelShapeOf(spec);
  const steps = (spec.block ?? BLOCK).pretrainSteps;
  const key = `${backend} ${baseKey(spec)}`;
  const known = bases?.get(baseKey(spec)) ?? kept.get(key);
  if (known) return known;
  const { known: dialect, random } = languageOf(spec);
  const model = drawModel(random, shape);
  if (steps === 0) return model;
  const lessons = Array.from({ length: steps }, () =>
    lessonOf(drawTexts(random, dialect, PRETRAINING_TEXTS, shape.sequence), shape.sequence),
  );
  const task = pretrainingTask(model, lessons, PRETRAINING_TEXTS);
  try {
    const { weights, stopped } = await train(trainingOf(steps), task, { ...hooks, onPoints: () => undefined });
    const base = modelOf(shape, task, weights);
    if (stopped) return base;
    if (kept.size >= KEPT) kept.clear();
    kept.set(key, base);
    return base;
  } finally {
    task.dispose();
  }
}

function trainingOf(steps: number): TrainingSpec {
  const hyper = { lr: RATE, weightDecay: 0, constants: { eps: 1e-8 } };
  return {
    steps,
    optimizer: { row: 'adam', betas: [0.9, 0.98], momentum: 0, nesterov: false, options: {} },
    schedule: { kind: 'linear', warmupSteps: Math.ceil(steps / 10) },
    clipEps: 0,
    variants: [baseOf(1, { a: hyper, b: hyper, maxGradValue: null, maxGradNorm: null })],
  };
}

/** All weights of a base, one matrix after the other. */
export function weightsOf(base: LanguageModel): Float32Array {
  return Float32Array.from(matricesOfShape(base.shape).flatMap(({ name }) => [...matrixOf(base, name)]));
}

/** @throws Error if they are not as many as the shape has */
export function baseWith(shape: ModelShape, weights: Float32Array): LanguageModel {
  let read = 0;
  const base = modelWith(shape, (_, rows, columns) => weights.slice(read, (read += rows * columns)));
  if (read !== weights.length) throw new Error(`a base of ${read} weights was given ${weights.length}`);
  return base;
}
