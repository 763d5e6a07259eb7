import { parse } from 'valibot';
import { wasmFileIn } from '../../experiment/backends/backend';
import { type ExperimentSpec, type RunResult, runResult } from '../../experiment/spec';
import type { Handlers, Params, Peer } from '../../messages/rpc';
import type { runHostContract, runPageContract } from '../../messages/run';
import type { RunListener, Runner } from '../../worker/runner';
import { sharingRunner } from '../../worker/sharing-runner';
import { webRunner } from '../../worker/web/runner';

/** Points on their way: `losses[curve][i]` belongs to step `from + i`. */
type Points = Params<typeof runPageContract, 'points'>;
export type RunCurves = Omit<Points, 'from'>;

/** A page's part of a run: it keeps the curves, draws them as they come, and trains where the host cannot. */
export function liveRun(host: () => Peer<typeof runHostContract>, draw: () => void) {
  let curves: RunCurves | null = null;
  let waiting = false;
  const here = hereRunner(document.body.dataset, (run) => ({
    onStart: (start) => host().notify('hereStarted', { run, ...start }),
    onPoints: (points) => host().notify('herePoints', { run, ...points }),
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
    curves: (): RunCurves | null => curves,
    /** Takes the points of a run that was kept. */
    take: (points: Points): void => {
      curves = addPoints(curves, points);
    },
    handlers: {
      points(points: Points): void {
        const next = addPoints(curves, points);
        if (!next) return host().notify('ready', undefined);
        curves = next;
        drawSoon();
      },
      runHere: ({ run, spec }) => here.run(run, spec),
      stopHere: () => here.stop(),
    } satisfies Handlers<typeof runPageContract>,
  };
}

/**
 * Adds points to the curves in place.
 * @returns the curves; or null where points before these are missing, so that all of them must be asked for again
 */
export function addPoints(curves: RunCurves | null, { id, from, losses }: Points): RunCurves | null {
  if (curves && id < curves.id) return curves;
  if (from === 0) return { id, losses: losses.map((curve) => [...curve]) };
  if (curves?.id !== id || stepsOf(curves) < from) return null;
  curves.losses.forEach((curve, index) => curve.splice(from, curve.length, ...(losses[index] ?? [])));
  return curves;
}

/** Steps for which every curve has a point. */
export function stepsOf(curves: RunCurves | null): number {
  const lengths = curves?.losses.map((curve) => curve.length) ?? [];
  return lengths.length === 0 ? 0 : Math.min(...lengths);
}

/**
 * Runs experiments in web workers of the page: the only place of VS Code that has WebGL. One at a time.
 * @param listenerOf the run with the number that it was asked for with
 */
export function hereRunner(
  { worker = '', assets = '' }: { worker?: string; assets?: string },
  listenerOf: (run: number) => RunListener,
): { run(run: number, spec: ExperimentSpec): Promise<RunResult>; stop(): void } {
  // Made once, though a second run may be asked for while the first is still waiting for it.
  let runner: Promise<Runner> | null = null;
  let stopping: AbortController | null = null;
  const make = async (): Promise<Runner> => {
    // A worker started from a blob reaches no file, so the wasm file comes as a blob, too. Where it cannot be loaded, the
    // folder: the worker then takes another backend and says so.
    const blob = await blobOf(wasmFileIn(assets), 'application/wasm').catch(() => assets);
    return sharingRunner({
      runner: () => webRunner({ createWorker: () => startWorker(worker), assets: blob }),
      cores: navigator.hardwareConcurrency,
    });
  };
  return {
    async run(run, spec) {
      stopping?.abort();
      const { signal } = (stopping = new AbortController());
      const trained = await (await (runner ??= make())).run(spec, listenerOf(run), signal);
      // The host asks for no weights.
      return parse(runResult, trained);
    },
    stop: () => stopping?.abort(),
  };
}

/** Fetches a file of the extension into a blob of the page's own origin. */
async function blobOf(address: string, type: string): Promise<string> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} could not be loaded: ${answer.status} ${answer.statusText}`);
  return URL.createObjectURL(new Blob([await answer.arrayBuffer()], { type }));
}

/** A webview may not start a worker from another origin, and the extension's files are from another: start a blob. */
async function startWorker(address: string): Promise<Worker> {
  const url = await blobOf(address, 'text/javascript');
  try {
    return new Worker(url);
  } finally {
    // The worker has its address by now; the blob can go as soon as it is read.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}
