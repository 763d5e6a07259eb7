import { join } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import type { ExperimentSpec, TrainedRun } from '../experiment/spec';
import { nodeRunners } from '../worker/node/runner';
import { errorLine, EXIT, Failure } from './failure';
import type { Terminal } from './terminal';

/**
 * Trains `spec` in a worker thread, with a progress bar on stderr.
 * @param workers how many may train at once, if not as many as usual
 * @throws Failure with the worker's one sentence when it throws or dies
 */
export async function train(spec: ExperimentSpec, terminal: Terminal, workers?: number): Promise<TrainedRun> {
  // The bundles lie side by side.
  const runner = nodeRunners(
    { workerPath: join(__dirname, 'worker-node.js'), assets: __dirname },
    workers === undefined ? undefined : () => workers,
  );
  const progress = progressBar();
  const forget = beforeInterrupt(() => progress.stop());
  try {
    return await runner.run(spec, {
      onStart: ({ backend, note }) => {
        if (note !== null) terminal.note(`${note}\n`);
        progress.start(spec.steps, `Training ${spec.variants.length} variants on ${backend}`);
      },
      onPoints: ({ from, losses }) => progress.to(from + (losses[0]?.length ?? 0)),
      onFault: (message) => terminal.note(`the training worker could not read a message: ${message}\n`),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(EXIT.nothing, `the training failed: ${reason}`);
  } finally {
    progress.stop();
    runner.dispose();
    forget();
  }
}

/** A bar on stderr while a training runs; silent where nobody watches (a pipe, CI). */
interface ProgressBar {
  start(steps: number, what: string): void;
  to(step: number): void;
  stop(): void;
}

function progressBar(): ProgressBar {
  if (!process.stderr.isTTY) return { start: () => undefined, to: () => undefined, stop: () => undefined };
  const format = '{what}  {bar}  {value}/{total} steps';
  const bar = new SingleBar(
    { format, barsize: 32, hideCursor: true, clearOnComplete: true, fps: 20, stream: process.stderr },
    Presets.shades_classic,
  );
  return {
    start: (steps, what) => bar.start(steps, 0, { what }),
    to: (step) => bar.update(step),
    stop: () => bar.stop(),
  };
}

const cleanups = new Set<() => void>();

/** Ends the process at once on Ctrl-C or when asked to terminate. Files are replaced in one step, so none is left half-written. */
export function exitWhenInterrupted(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const cleanup of cleanups) cleanup();
      process.stderr.write(errorLine('stopped'));
      process.exit(EXIT.interrupted);
    });
  }
}

/** Has `cleanup` done before such an end; returns a function that takes it back. */
export function beforeInterrupt(cleanup: () => void): () => void {
  cleanups.add(cleanup);
  return () => cleanups.delete(cleanup);
}
