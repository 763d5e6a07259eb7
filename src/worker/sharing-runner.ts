import * as l10n from '@vscode/l10n';
import { tooLarge } from '../experiment/cost/memory';
import { pointsTogether, sharesOf, together, type Share } from '../experiment/cost/shares';
import { usualCostOf } from '../experiment/cost/time';
import type { ExperimentSpec, TrainedRun } from '../experiment/spec';
import { takeover, WORKERS, type Runner, type RunListener } from './runner';

interface SharingOptions {
  /** A runner with a worker of its own. */
  runner(): Runner;
  /** Of the machine. */
  cores: number;
  /** How many workers may train at once, asked at each run. */
  most?: () => number;
  /**
   * An experiment that takes one worker less than so many ms stays there: another has to be started, and draws all
   * anew.
   */
  worthMs?: number;
}

/**
 * Runs a large experiment in as many workers as there are cores, within the bound, each with a share of its variants; a
 * small one in one. The bits are the same. What ends one share ends all. What is too large for one worker is not
 * shared: together they take as much memory.
 */
export function sharingRunner({ runner, cores, most = () => WORKERS.usual, worthMs = 2_000 }: SharingOptions): Runner {
  const runners: Runner[] = [runner()];
  let disposed = false;
  const runs = takeover();
  const runnerAt = (i: number): Runner => (runners[i] ??= runner());

  const runShares = async (
    spec: ExperimentSpec,
    shares: readonly Share[],
    listener: RunListener,
    stop: AbortController,
  ): Promise<TrainedRun> => {
    // Shares that are still being stopped have nothing more to tell of a run that is over.
    let heard = listener;
    const points = pointsTogether(spec, shares, (all) => heard.onPoints?.(all));
    let toStart = shares.length;
    const onStart: RunListener['onStart'] = (begun) => {
      if (--toStart === 0) heard.onStart?.(begun);
    };
    try {
      const results = await Promise.all(
        shares.map(({ spec: own }, i) =>
          runnerAt(i).run(own, { onStart, onPoints: ({ losses }) => points(i, losses) }, stop.signal),
        ),
      );
      const started = [...new Set(results.map(({ backend }) => backend))];
      if (started.length === 1) return together(results);
      throw new Error(l10n.t`The workers started on different backends: ${started.join(' and ')}.`);
    } catch (error) {
      stop.abort();
      throw error;
    } finally {
      heard = {};
    }
  };

  return {
    run: (spec, listener, signal) =>
      runs.run(signal, (stop) => {
        // A fit goes on from what all variants have reached, and on WebGL all workers would wait for the same GPU.
        const isShared = !disposed && spec.fit === undefined && spec.backend !== 'webgl' && costMs(spec) >= worthMs;
        // One worker says itself why it takes no spec that is too large.
        const shares = isShared && tooLarge(spec) === null ? sharesOf(spec, Math.min(cores, most())) : [];
        return shares.length > 1
          ? runShares(spec, shares, listener, stop)
          : runnerAt(0).run(spec, listener, stop.signal);
      }),
    kill: () => runners.map((each) => each.kill()).includes(true),
    dispose() {
      disposed = true;
      for (const each of runners) each.dispose();
    },
  };
}

/** What the run's steps take in one worker. What cannot be trained is left to that worker, which says why. */
function costMs(spec: ExperimentSpec): number {
  try {
    return usualCostOf(spec).ofSteps;
  } catch {
    return 0;
  }
}
