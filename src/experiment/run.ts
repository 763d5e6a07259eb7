import { util } from '@tensorflow/tfjs-core';
import { type Backend, backendsFor } from './backends/backend';
import { chooseBackend } from './backends/choose';
import { runFit } from './fit/closest-rate';
import { tooLarge } from './cost/memory';
import { pretrained, type ReadyBases } from './training/pretrained';
import type { BackendId, ExperimentSpec, TrainedRun } from './spec';
import { taskOf } from './tasks/by-name';
import type { Task } from './tasks/task';
import { train, type Trained, type TrainHooks } from './training/train';
import { inBaseGauge } from './verdict/deviations';

export interface RunOptions extends TrainHooks {
  /** Backends in the bundle, in any order. */
  backends: readonly Backend[];
  /** The folder of the wasm file (path or URL), or the URL of a blob that holds it. */
  assets: string;
  /** Bases of transformers that need no training any more. */
  bases?: ReadyBases;
  /** Called once the backend has started, before the first step. */
  onStart(start: { backend: BackendId; note: string | null }): void;
}

/**
 * Trains a spec until it is done or `isStopped` returns true.
 * @throws Error if the spec needs too much memory, if no backend starts, or if the spec names an optimizer, loss or
 * sizes that cannot be trained here
 */
export async function runExperiment(spec: ExperimentSpec, options: RunOptions): Promise<TrainedRun> {
  const started = util.now();
  const reason = tooLarge(spec);
  if (reason !== null) throw new Error(reason);
  const { backend, note, losesBits } = await chooseBackend(backendsFor(spec), options.backends, options.assets);
  const taskFor = (each: ExperimentSpec): Promise<Task> =>
    taskOf(each, (base) => pretrained(base, backend.id, options));
  const task = await taskFor(spec);
  try {
    // An unfinished base model is not usable.
    if (options.isStopped()) return stoppedBefore(spec, backend.id, util.now() - started);
    options.onStart({ backend: backend.id, note });
    const { losses, weights, stopped } = await train(spec, task, options, backend.flushSteps);
    const fit = stopped
      ? null
      : await runFit(spec, losses, (row) => trainRow(row, taskFor, options, backend.flushSteps));
    return {
      backend: backend.id,
      losses,
      weights: inBaseGauge(spec.variants, task.blocks, weights),
      ...(fit ? { fit } : {}),
      ...(losesBits ? { losesBits } : {}),
      stopped,
      ms: util.now() - started,
    };
  } finally {
    task.dispose();
  }
}

/** A run that was stopped before its first step. */
function stoppedBefore({ variants }: ExperimentSpec, backend: BackendId, ms: number): TrainedRun {
  return {
    backend,
    losses: variants.map(() => []),
    weights: [],
    stopped: true,
    ms,
  };
}

/** Trains a row of a fit, without reporting its points. */
async function trainRow(
  row: ExperimentSpec,
  taskFor: (spec: ExperimentSpec) => Promise<Task>,
  hooks: TrainHooks,
  flushSteps: number,
): Promise<Trained> {
  const task = await taskFor(row);
  try {
    return await train(row, task, { ...hooks, onPoints: () => undefined }, flushSteps);
  } finally {
    task.dispose();
  }
}
