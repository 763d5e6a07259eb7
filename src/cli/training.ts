import { join } from 'node:path';
import type { Claim } from '../config/plan/claim';
import type { ExperimentSpec } from '../experiment/spec';
import { claimed, runVerdict } from '../experiment/verdict/verdict';
import type { TrainedCheck } from '../messages/answers';
import { messageOf } from '../messages/rpc';
import { nodeRunners } from '../worker/node/runner';
import type { Runner, RunListener } from '../worker/runner';
import { errorLine, EXIT, nothing } from './failure';
import { note } from './terminal';

/**
 * Trains an experiment in a worker thread, counts its steps on stderr, and judges it no better than its claim.
 * @param workers how many may train at once, if not as many as usual
 * @param options.isSilent nothing is written to stderr
 * @throws Failure with the worker's one sentence when it throws or dies
 */
export async function train(
  { spec, assumptions }: { spec: ExperimentSpec; assumptions: readonly string[] },
  claim: Claim | undefined,
  workers: number | undefined,
  { isSilent = false } = {},
): Promise<TrainedCheck> {
  let what = '';
  return inWorkers(workers, isSilent, async (runner) => {
    const watched: RunListener = {
      onStart: ({ backend, note: said }) => {
        if (said !== null) note(`${said}\n`);
        what = `Training ${spec.variants.length} variants on ${backend}`;
      },
      onPoints: ({ from, losses }) => showProgress(`${what}: step ${from + (losses[0]?.length ?? 0)} of ${spec.steps}`),
    };
    const result = await runner.run(spec, isSilent ? {} : watched);
    const verdict = runVerdict(spec, result);
    return { spec, result, verdict: claim ? claimed(verdict, claim) : verdict, assumptions };
  });
}

/** Lets `work` train in worker threads, and ends them. @throws Failure with the worker's one sentence */
export async function inWorkers<T>(
  workers: number | undefined,
  isSilent: boolean,
  work: (runner: Runner) => Promise<T>,
): Promise<T> {
  // The bundles lie side by side.
  const files = { workerPath: join(__dirname, 'worker-node.js'), assets: __dirname };
  const runner = nodeRunners(files, workers === undefined ? undefined : () => workers);
  try {
    return await work(runner);
  } catch (error) {
    throw nothing(`the training failed: ${messageOf(error)}`);
  } finally {
    if (!isSilent) showProgress('');
    runner.dispose();
  }
}

/** Replaces the line that the cursor is in, where somebody watches: no pipe, no CI. */
export function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
}

/** Ends the process at once on Ctrl-C or when asked to. Files are replaced in one step: none is half-written. */
export function exitWhenInterrupted(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      showProgress('');
      process.stderr.write(errorLine('stopped'));
      // A thread that waits for a pipe would keep `exit` from ending; the signal, no longer listened to, does not wait.
      if (process.platform === 'win32') process.exit(EXIT.interrupted);
      process.kill(process.pid, signal);
    });
  }
}
