import type { Handlers, Params } from '../../messages/rpc';
import type { runHostContract, runPageContract } from '../../messages/run';
import { hereRunner } from './run-here';
import { addPoints, type RunCurves } from './run-store';

interface LiveRunOptions {
  /** Asks the host for every point so far. */
  askAll(): void;
  started(start: Params<typeof runHostContract, 'hereStarted'>): void;
  points(points: Params<typeof runHostContract, 'herePoints'>): void;
  draw(): void;
}

export interface LiveRun {
  handlers: Handlers<typeof runPageContract>;
  curves(): RunCurves | null;
  /** Takes the points of a run that was kept. */
  take(points: Params<typeof runPageContract, 'points'>): void;
}

/** A page's part of a run: it keeps the curves, draws them as they come, and trains where the host cannot. */
export function liveRun({ askAll, started, points: tell, draw }: LiveRunOptions): LiveRun {
  let curves: RunCurves | null = null;
  let waiting = false;
  const here = hereRunner(document.body.dataset, (run) => ({
    onStart: (start) => started({ run, ...start }),
    onPoints: (points) => tell({ run, ...points }),
  }));
  /** Points come faster than a screen can show them. */
  const drawSoon = (): void => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  };
  return {
    curves: () => curves,
    take: (points) => {
      curves = addPoints(curves, points);
    },
    handlers: {
      points(points) {
        const next = addPoints(curves, points);
        if (!next) return askAll();
        curves = next;
        drawSoon();
      },
      runHere: ({ run, spec }) => here.run(run, spec),
      stopHere: () => here.stop(),
    },
  };
}
