import { dispose, mul, stack, tensor, tidy, util, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorContainerObject } from '@tensorflow/tfjs-core/dist/tensor_types';
import { clipByNorm, clipByValue } from './clip';
import { numbersOfBlock, type LentNumbers } from './hyper-tensors';
import { optimizerOf } from '../optimizers/by-row';
import type { Optimizer, Start } from '../optimizers/optimizer';
import type { ExperimentSpec } from '../spec';
import type { Block, Task } from '../tasks/task';

/** Milliseconds between two batches of points: often enough for a live plot, and for a stop to be felt at once. */
const FLUSH_MS = 30;

/** Losses that wait on the backend, in steps: fetching more at a time gains nothing, and this bounds what they take. */
const MOST_WAITING = 256;

/** What the loop asks of a spec. */
export type Training = Pick<ExperimentSpec, 'steps' | 'optimizer' | 'schedule' | 'clipEps' | 'variants'>;

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
  /** Of each of the task's blocks: [parameters, variants, rows, columns], row-major. */
  weights: Float32Array[];
  stopped: boolean;
}

/**
 * Trains all variants side by side. The spec's sizes are the task's; a backend must be up.
 * @param flushSteps points are sent after so many steps at the latest
 */
export async function train(
  spec: Training,
  task: Task,
  hooks: TrainHooks,
  flushSteps = MOST_WAITING,
): Promise<Trained> {
  const optimizer = optimizerOf(spec.optimizer.row);
  const losses: number[][] = spec.variants.map(() => []);
  const numbers = task.blocks.map((block) => numbersOfBlock(spec, block));
  let state = tidy((): State => {
    const weights = task.start();
    const slots = task.blocks.map((block, i) => {
      const start = startOf(spec, block, weights[i], numbers[i], 1);
      // The memory may begin as the weights themselves, which are freed after the first step, or as a number it was lent.
      const isLent = (slot: Tensor): boolean => slot === start.weights || numbers.some((lender) => lender.owns(slot));
      return optimizer.start(start).map((slot) => (isLent(slot) ? slot.clone() : slot));
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
    for (const lender of numbers) lender.dispose();
  }
}

interface State extends TensorContainerObject {
  /** One a block. */
  weights: Tensor[];
  /** Of each block. */
  slots: Tensor[][];
}

function tensorsOf({ weights, slots }: State): Tensor[] {
  return [...weights, ...slots.flat()];
}

function stepOf(
  spec: Training,
  task: Task,
  optimizer: Optimizer,
  numbers: readonly LentNumbers[],
  state: State,
  number: number,
): State & { loss: Tensor } {
  const { variants } = spec;
  const pass = task.pass(state.weights, number);
  const bounded = clipByValue(
    trained(pass.gradients, task, optimizer),
    variants.map(({ maxGradValue }) => maxGradValue),
  );
  const thresholds = variants.map(({ maxGradNorm }) => maxGradNorm);
  const gradients = clipByNorm(bounded, thresholds, spec.clipEps);
  const decays = variants.some(({ a, b, m }) => [a, b, m].some((hyper) => (hyper?.weightDecay ?? 0) !== 0));
  const updated = optimizer.update(
    task.blocks.map((block, i) => {
      const start = startOf(spec, block, state.weights[i], numbers[i], number);
      return { ...start, gradient: gradients[i] ?? start.weights, slots: state.slots[i] ?? [], number, decays };
    }),
  );
  // What an update hands through unchanged belongs to the state before, which is about to be freed, or was lent to it.
  const before = tensorsOf(state);
  const isOthers = (next: Tensor): boolean => before.includes(next) || numbers.some((lender) => lender.owns(next));
  const owned = (next: Tensor): Tensor => (isOthers(next) ? next.clone() : next);
  return {
    weights: updated.map(({ weights }) => owned(weights)),
    slots: updated.map(({ slots }) => slots.map(owned)),
    loss: pass.loss,
  };
}

/** The gradients, zero for a factor that the optimizer leaves frozen. */
function trained(gradients: Tensor[], { blocks }: Task, { frozen }: Optimizer): Tensor[] {
  if (!frozen) return gradients;
  return blocks.flatMap(({ parameters }, i) => {
    const mask = parameters.map(({ factor }) => (factor === frozen ? 0 : 1));
    const gradient = gradients[i];
    return gradient ? [mul(gradient, tensor(mask, [mask.length, 1, 1, 1]))] : [];
  });
}

/** What an optimizer is given of a block at step `number`. */
function startOf(
  { optimizer }: Training,
  block: Block,
  weights: Tensor | undefined,
  numbers: LentNumbers | undefined,
  number: number,
): Start {
  const names = (): string => block.parameters.map(({ name }) => name).join(', ');
  if (!weights || !numbers) throw new Error(`the task has no weights for ${names()}`);
  return { block, weights, settings: optimizer, each: numbers.at(number) };
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
