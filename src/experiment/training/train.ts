import { dispose, mul, stack, tensor, tidy, util, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorContainerObject } from '@tensorflow/tfjs-core/dist/tensor_types';
import { clipByNorm, clipByValue, numbersOfBlock, type CachedNumbers } from './hyper-tensors';
import { optimizerOf } from '../optimizers/by-row';
import type { Optimizer, Start, State, Step, Updated } from '../optimizers/optimizer';
import type { ExperimentSpec } from '../spec';
import type { Task } from '../tasks/task';

/** Milliseconds between two reports: short enough for live plots and an immediate stop. */
const FLUSH_MS = 30;

/** Limit on steps whose losses are held on the backend; larger downloads are not faster. */
const MOST_WAITING = 256;

export type TrainingSpec = Pick<ExperimentSpec, 'steps' | 'optimizer' | 'schedule' | 'clipEps' | 'variants'>;

export interface TrainHooks {
  isStopped(): boolean;
  /** Yields to the event loop, so that a message to stop can arrive. */
  pause(): Promise<void>;
  /** losses[variant][i] belongs to step `from + i`. */
  onPoints(points: { from: number; losses: number[][] }): void;
}

export interface Trained {
  /** losses[variant][step] */
  losses: number[][];
  /** Weights of each block: [parameters, variants, rows, columns], row-major. */
  weights: Float32Array[];
  stopped: boolean;
}

/**
 * Trains all variants side by side on the running backend. The spec's sizes must be the task's.
 * @param flushSteps points are reported at least every `flushSteps` steps
 */
export async function train(
  spec: TrainingSpec,
  task: Task,
  hooks: TrainHooks,
  flushSteps = MOST_WAITING,
): Promise<Trained> {
  const optimizer = optimizerOf(spec.optimizer.row);
  const losses: number[][] = spec.variants.map(() => []);
  const numbers = task.blocks.map((block) => numbersOfBlock(spec, block));
  let blocks = tidy(() => {
    const weights = task.start();
    // The initial state may contain the weights, which are freed after the first step, or a cached number.
    return startsOf(spec, task, weights, numbers, 1).map((start): Trainable => {
      return { ...owned(optimizer.start(start), weights, numbers), weights: start.weights };
    });
  });
  let waiting: Tensor[] = [];
  let done = 0;
  let stopped = false;
  const flush = async (): Promise<void> => {
    const points = await download(waiting, spec.variants.length);
    waiting = [];
    points.forEach((values, variant) => losses[variant]?.push(...values));
    const from = done;
    done += points[0]?.length ?? 0;
    if (done > from) hooks.onPoints({ from, losses: points });
  };

  try {
    let last = util.now();
    for (let step = 1; step <= spec.steps && !stopped; step++) {
      const next = tidy(() => stepOf(spec, task, optimizer, numbers, blocks, step));
      dispose(tensorsOf(blocks));
      blocks = next.blocks;
      waiting.push(next.loss);
      if (util.now() - last < FLUSH_MS && waiting.length < Math.min(flushSteps, MOST_WAITING)) continue;
      await flush();
      await hooks.pause();
      stopped = hooks.isStopped() && step < spec.steps;
      last = util.now();
    }
    await flush();
    const weights = await Promise.all(blocks.map((block) => block.weights.data() as Promise<Float32Array>));
    return { losses, weights, stopped };
  } finally {
    dispose([...waiting, ...tensorsOf(blocks)]);
    for (const cache of numbers) cache.dispose();
  }
}

type Trainable = Updated & TensorContainerObject;

function tensorsOf(blocks: readonly Trainable[]): Tensor[] {
  return blocks.flatMap((block) => Object.values(block).filter((one) => one !== undefined));
}

function stepOf(
  spec: TrainingSpec,
  task: Task,
  optimizer: Optimizer,
  numbers: readonly CachedNumbers[],
  blocks: readonly Trainable[],
  number: number,
): { blocks: Trainable[]; loss: Tensor } {
  const { variants } = spec;
  const weights = blocks.map((block) => block.weights);
  const pass = task.pass(weights, number);
  const values = variants.map(({ maxGradValue }) => maxGradValue);
  const norms = variants.map(({ maxGradNorm }) => maxGradNorm);
  const bounded = clipByValue(trained(pass.gradients, task, optimizer), values);
  const gradients = clipByNorm(bounded, norms, spec.clipEps);
  const decays = variants.some(({ a, b, m }) => [a, b, m].some((hyper) => (hyper?.weightDecay ?? 0) !== 0));
  const steps = startsOf(spec, task, weights, numbers, number).map((start, i): Step => {
    return { ...blocks[i], ...start, gradient: gradients[i] ?? start.weights, number, decays };
  });
  // Tensors that an update returns unchanged belong to the previous state, which is freed next, or to the cache.
  const before = tensorsOf(blocks);
  return { blocks: optimizer.update(steps).map((block) => owned(block, before, numbers)), loss: pass.loss };
}

/** Tensors by name, with copies of those that belong to `others` or to the cache. */
function owned<T extends State>(tensors: T, others: readonly Tensor[], numbers: readonly CachedNumbers[]): T {
  const isOwn = (one: Tensor): boolean => !others.includes(one) && !numbers.some((cache) => cache.owns(one));
  const entries = Object.entries(tensors).map(([name, one]) => [name, one && (isOwn(one) ? one : one.clone())]);
  return Object.fromEntries(entries) as T;
}

/** The gradients, with zeros for a factor that the optimizer freezes. */
function trained(gradients: Tensor[], { blocks }: Task, { frozen }: Optimizer): Tensor[] {
  if (!frozen) return gradients;
  return blocks.flatMap(({ parameters }, i) => {
    const mask = parameters.map(({ factor }) => (factor === frozen ? 0 : 1));
    const gradient = gradients[i];
    return gradient ? [mul(gradient, tensor(mask, [mask.length, 1, 1, 1]))] : [];
  });
}

/** Input of the optimizer for each block at step `number`. */
function startsOf(
  { optimizer: settings }: TrainingSpec,
  { blocks }: Task,
  weights: readonly Tensor[],
  numbers: readonly CachedNumbers[],
  number: number,
): Start[] {
  const [beta1, beta2] = settings.betas;
  return blocks.map((block, i) => {
    const [own, cache] = [weights[i], numbers[i]];
    if (!own || !cache) throw new Error(`the task has no weights for block ${i}`);
    return { block, weights: own, settings, beta1, beta2, each: cache.at(number) };
  });
}

/** [steps][variants] on the backend → [variants][steps] in JavaScript. Frees the tensors. */
async function download(points: readonly Tensor[], variants: number): Promise<number[][]> {
  if (points.length === 0) return Array.from({ length: variants }, () => []);
  const table = tidy(() => stack([...points], 1));
  try {
    const values = await table.data();
    const steps = points.length;
    return Array.from({ length: variants }, (_, v) => [...values.subarray(v * steps, (v + 1) * steps)] as number[]);
  } finally {
    dispose([table, ...points]);
  }
}
