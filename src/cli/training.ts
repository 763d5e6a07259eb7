import { join } from 'node:path';
import type { ExperimentSpec, RunResult } from '../experiment/spec';
import { nodeRunner } from '../worker/node-runner';
import { errorLine, Failure } from './failure';
import { EXIT } from './exit-codes';
import { progressBar } from './progress';
import type { Terminal } from './terminal';

/**
 * Trains `spec` in a worker thread, with a progress bar on stderr. Ctrl-C ends the process at once.
 * @throws Failure with the worker's one sentence when it throws or dies
 */
export async function train(spec: ExperimentSpec, terminal: Terminal): Promise<RunResult> {
  // The bundles lie side by side.
  const runner = nodeRunner({ workerPath: join(__dirname, 'worker-node.js'), assets: __dirname });
  const progress = progressBar();
  const interrupt = (): void => {
    progress.stop();
    process.stderr.write(errorLine('stopped; nothing was written'));
    process.exit(EXIT.interrupted);
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await runner.run(spec, {
      onStart: ({ backend, note }) => {
        progress.start(spec.steps, `Training ${spec.variants.length} variants on ${backend}`);
        if (note !== null) terminal.note(`${note}\n`);
      },
      onPoints: ({ from, losses }) => progress.to(from + (losses[0]?.length ?? 0)),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(EXIT.nothing, `the training failed: ${reason}`);
  } finally {
    progress.stop();
    runner.dispose();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
