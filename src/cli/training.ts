import { join } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import type { Claim } from '../config/plan/claim';
import type { ExperimentSpec } from '../experiment/spec';
import { claimed, runVerdict } from '../experiment/verdict/verdict';
import { nodeRunners } from '../worker/node/runner';
import { errorLine, EXIT, nothing } from './failure';
import type { TrainedCheck } from './output/run-text';
import { note } from './terminal';

/** Of the training that is under way; none where nobody watches (a pipe, CI). */
let progress: SingleBar | undefined;

/**
 * Trains an experiment in a worker thread, with a progress bar on stderr, and judges it no better than its claim.
 * @param workers how many may train at once, if not as many as usual
 * @throws Failure with the worker's one sentence when it throws or dies
 */
export async function train(
  { spec, assumptions }: { spec: ExperimentSpec; assumptions: readonly string[] },
  claim: Claim | undefined,
  workers: number | undefined,
): Promise<TrainedCheck> {
  // The bundles lie side by side.
  const files = { workerPath: join(__dirname, 'worker-node.js'), assets: __dirname };
  const runner = nodeRunners(files, workers === undefined ? undefined : () => workers);
  try {
    const result = await runner.run(spec, {
      onStart: ({ backend, note: said }) => {
        if (said !== null) note(`${said}\n`);
        if (process.stderr.isTTY) progress = progressBar();
        progress?.start(spec.steps, 0, { what: `Training ${spec.variants.length} variants on ${backend}` });
      },
      onPoints: ({ from, losses }) => progress?.update(from + (losses[0]?.length ?? 0)),
    });
    const verdict = runVerdict(spec, result);
    return { spec, result, verdict: claim ? claimed(verdict, claim) : verdict, assumptions };
  } catch (error) {
    throw nothing(`the training failed: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    progress?.stop();
    runner.dispose();
  }
}

function progressBar(): SingleBar {
  const format = '{what}  {bar}  {value}/{total} steps';
  const look = { format, barsize: 32, hideCursor: true, clearOnComplete: true, fps: 20, stream: process.stderr };
  return new SingleBar(look, Presets.shades_classic);
}

/** Ends the process at once on Ctrl-C or when asked to terminate. Files are replaced in one step: none is half-written. */
export function exitWhenInterrupted(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      progress?.stop();
      process.stderr.write(errorLine('stopped'));
      process.exit(EXIT.interrupted);
    });
  }
}
