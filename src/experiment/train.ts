import { dispose, stack, tensor, tidy, util, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorContainerObject } from '@tensorflow/tfjs-core/dist/tensor_types';
import { clipByNorm } from './clip';
import { optimizerOf } from './optimizers/by-row';
import type { Optimizer } from './optimizers/optimizer';
import { rateAt } from './schedule';
import type { ExperimentSpec, FactorHyper } from './spec';
import type { Task } from './tasks/task';

/** Milliseconds between two batches of points: often enough for a live plot, and for a stop to be felt at once. */
const FLUSH_MS = 30;

export interface TrainHooks {
  /** Asked between batches of points. */
  isStopped(): boolean;
  /** Lets the event loop turn, so that a message to stop can arrive. */
  pause(): Promise<void>;
  /** losses[variant][i] belongs to step `from + i`. */
  onPoints(points: { from: number; losses: number[][] }): void;
}

export interface Trained {
  /** losses[variant][step] */
  losses: number[][];
  /** [2, variants, rank, width], row-major: every A, then every Bᵀ. */
  weights: Float32Array;
  stopped: boolean;
}

/**
 * Trains all variants side by side. The spec's sizes are the task's; a backend must be up.
 * @param flushSteps points are sent after so many steps at the latest
 */
export async function train(
  spec: ExperimentSpec,
  task: Task,
  hooks: TrainHooks,
  flushSteps = Number.POSITIVE_INFINITY,
): Promise<Trained> {
  const optimizer = optimizerOf(spec.optimizer.row);
  const losses: number[][] = spec.variants.map(() => []);
  let state = tidy((): State => {
    const weights = task.start();
    return { weights, slots: Array.from({ length: optimizer.slots }, () => zerosLike(weights)) };
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
      const next = tidy(() => stepOf(spec, task, optimizer, state, step));
      dispose([state.weights, ...state.slots]);
      state = next;
      waiting.push(next.loss);
      if (util.now() - last < FLUSH_MS && waiting.length < flushSteps) continue;
      await flush();
      await hooks.pause();
      stopped = hooks.isStopped() && step < spec.steps;
      last = util.now();
    }
    await flush();
    return { losses, weights: (await state.weights.data()) as Float32Array, stopped };
  } finally {
    dispose([...waiting, state.weights, ...state.slots]);
  }
}

interface State extends TensorContainerObject {
  weights: Tensor;
  slots: Tensor[];
}

function stepOf(
  spec: ExperimentSpec,
  task: Task,
  optimizer: Optimizer,
  { weights, slots }: State,
  number: number,
): State & { loss: Tensor } {
  const { variants, steps, schedule, optimizer: settings } = spec;
  const pass = task.pass(weights);
  const thresholds = variants.map((variant) => variant.maxGradNorm);
  const updated = optimizer.update({
    weights,
    gradient: clipByNorm(pass.gradient, thresholds, spec.clipEps),
    slots,
    number,
    settings,
    rate: rateAt(schedule, number, steps),
    each: (compute) => eachFactor(spec, compute),
    decays: variants.some(({ a, b }) => a.weightDecay !== 0 || b.weightDecay !== 0),
  });
  // What an update hands through unchanged belongs to the state before, which is about to be freed.
  const owned = (next: Tensor): Tensor => (next === weights || slots.includes(next) ? next.clone() : next);
  return { weights: owned(updated.weights), slots: updated.slots.map(owned), loss: pass.loss };
}

function eachFactor({ variants }: ExperimentSpec, compute: (hyper: FactorHyper) => number): Tensor {
  const numbers = [...variants.map(({ a }) => compute(a)), ...variants.map(({ b }) => compute(b))];
  return tensor(numbers, [2, variants.length, 1, 1], 'float32');
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
