import { dispose, mul, stack, tensor, tidy, util, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorContainerObject } from '@tensorflow/tfjs-core/dist/tensor_types';
import { clipByNorm, clipByValue, numbersOfBlock, type CachedNumbers } from './hyper-tensors';
import { optimizerOf } from '../optimizers/by-row';
import type { Optimizer, Start, State, Step } from '../optimizers/optimizer';
import type { ExperimentSpec } from '../spec';
import type { WeightBlock, Task } from '../tasks/task';

/** Milliseconds between two reports: short enough for live plots and an immediate stop. */
const FLUSH_MS = 30;

/** Limit on losses held on the backend, in steps. It bounds memory; larger downloads are not faster. */
const MOST_WAITING = 256;

/** The fields of a spec that the loop uses. */
export type TrainingSpec = Pick<ExperimentSpec, 'steps' | 'optimizer' | 'schedule' | 'clipEps' | 'variants'>;

export interface TrainHooks {
  /** Called between two reports. */
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
 * Trains all variants side by side. The spec's sizes must be the task's, and a backend must be running.
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
  let state = tidy((): TrainingState => {
    const weights = task.start();
    const slots = task.blocks.map((block, i) => {
      const start = startOf(spec, block, weights[i], numbers[i], 1);
      // The initial state may contain the weights, which are freed after the first step, or a cached number.
      return owned(optimizer.start(start), weights, numbers);
    });
    return { weights, slots };
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
      const next = tidy(() => stepOf(spec, task, optimizer, numbers, state, step));
      dispose(tensorsOf(state));
      state = next;
      waiting.push(next.loss);
      if (util.now() - last < FLUSH_MS && waiting.length < Math.min(flushSteps, MOST_WAITING)) continue;
      await flush();
      await hooks.pause();
      stopped = hooks.isStopped() && step < spec.steps;
      last = util.now();
    }
    await flush();
    const weights = await Promise.all(state.weights.map((block) => block.data() as Promise<Float32Array>));
    return { losses, weights, stopped };
  } finally {
    dispose([...waiting, ...tensorsOf(state)]);
    for (const cache of numbers) cache.dispose();
  }
}

interface TrainingState extends TensorContainerObject {
  /** One tensor for each block. */
  weights: Tensor[];
  /** The optimizer's state of each block. */
  slots: State[];
}

function tensorsOf({ weights, slots }: TrainingState): Tensor[] {
  return [...weights, ...slots.flatMap((slot) => Object.values(slot).filter((one) => one !== undefined))];
}

function stepOf(
  spec: TrainingSpec,
  task: Task,
  optimizer: Optimizer,
  numbers: readonly CachedNumbers[],
  state: TrainingState,
  number: number,
): TrainingState & { loss: Tensor } {
  const { variants } = spec;
  const pass = task.pass(state.weights, number);
  const bounded = clipByValue(
    trained(pass.gradients, task, optimizer),
    variants.map(({ maxGradValue }) => maxGradValue),
  );
  const thresholds = variants.map(({ maxGradNorm }) => maxGradNorm);
  const gradients = clipByNorm(bounded, thresholds, spec.clipEps);
  const decays = variants.some(({ a, b, m }) => [a, b, m].some((hyper) => (hyper?.weightDecay ?? 0) !== 0));
  const steps = task.blocks.map((block, i): Step => {
    const start = startOf(spec, block, state.weights[i], numbers[i], number);
    return { ...state.slots[i], ...start, gradient: gradients[i] ?? start.weights, number, decays };
  });
  // Tensors that an update returns unchanged belong to the previous state, which is freed next, or to the cache.
  const before = tensorsOf(state);
  const updated = optimizer.update(steps).map((block) => owned(block, before, numbers));
  return {
    weights: updated.map(({ weights }) => weights),
    slots: updated.map(({ weights: _, ...slots }) => slots),
    loss: pass.loss,
  };
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

/** Input of the optimizer for a block at step `number`. */
function startOf(
  { optimizer }: TrainingSpec,
  block: WeightBlock,
  weights: Tensor | undefined,
  numbers: CachedNumbers | undefined,
  number: number,
): Start {
  const names = (): string => block.parameters.map(({ name }) => name).join(', ');
  if (!weights || !numbers) throw new Error(`the task has no weights for ${names()}`);
  const [beta1, beta2] = optimizer.betas;
  return { block, weights, settings: optimizer, beta1, beta2, each: numbers.at(number) };
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
