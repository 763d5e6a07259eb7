import { util } from '@tensorflow/tfjs-core';
import { type Backend, backendsFor } from './backends/backend';
import { chooseBackend } from './backends/choose';
import { runFit } from './fit/run-fit';
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
  const { id, flushSteps } = backend;
  const onTask = async <T>(own: ExperimentSpec, work: (task: Task) => Promise<T>): Promise<T> => {
    const task = await taskOf(own, (base) => pretrained(base, id, options));
    try {
      return await work(task);
    } finally {
      task.dispose();
    }
  };
  return onTask(spec, async (task) => {
    // An unfinished base model is not usable.
    if (options.isStopped()) {
      const losses = spec.variants.map(() => []);
      return { backend: id, losses, weights: [], stopped: true, ms: util.now() - started };
    }
    options.onStart({ backend: id, note });
    const { losses, weights, stopped } = await train(spec, task, options, flushSteps);
    // The points of a fit are not reported.
    const hooks = { ...options, onPoints: () => undefined };
    const trainRow = (row: ExperimentSpec): Promise<Trained> =>
      onTask(row, (own) => train(row, own, hooks, flushSteps));
    const fit = stopped ? null : await runFit(spec, losses, trainRow);
    return {
      backend: id,
      losses,
      weights: inBaseGauge(spec.variants, task.blocks, weights),
      ...(fit ? { fit } : {}),
      ...(losesBits ? { losesBits } : {}),
      stopped,
      ms: util.now() - started,
    };
  });
}
