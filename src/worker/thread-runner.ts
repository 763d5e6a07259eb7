import type { BackendId, ExperimentSpec, RunResult } from '../experiment/spec';
import { connect, type Peer } from '../messages/rpc';
import { listenerContract, workerContract } from '../messages/worker';
import type { RunListener, Runner } from './runner';
import type { Thread } from './thread';

/** A runner whose worker can be made to die, for tests of what happens then. */
export interface KillableRunner extends Runner {
  /** Ends the worker at once. False when there was none. */
  kill(): boolean;
}

interface RunnerOptions {
  start(): Promise<Thread>;
  /** As the worker's contract has it: folder, or JSON object of file name → URL. */
  assets: string;
  /** A worker without work is ended after so many milliseconds. */
  idleMs?: number;
  /** A worker that does not stop within so many milliseconds is ended. */
  graceMs?: number;
}

interface Link {
  thread: Thread;
  peer: Peer<typeof workerContract>;
  /** Hears of the run that is going on. */
  listener: RunListener;
}

/** Runs experiments in a worker that is started when needed, kept warm, and replaced when it dies. */
export function threadRunner({ start, assets, idleMs = 30_000, graceMs = 1_000 }: RunnerOptions): KillableRunner {
  let link: Link | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let stopLast: () => void = () => undefined;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let disposed = false;

  const close = (reason: string): void => {
    clearTimeout(idle);
    link?.peer.dispose(reason);
    link?.thread.end();
    link = null;
  };

  const open = async (): Promise<Link> => {
    clearTimeout(idle);
    if (link) return link;
    const thread = await start();
    const opened: Link = { thread, listener: {}, peer: connectTo(thread, () => opened.listener) };
    void thread.died.then((reason) => {
      opened.peer.dispose(reason);
      if (link === opened) link = null;
    });
    link = opened;
    return opened;
  };

  const trainIn = async (spec: ExperimentSpec, listener: RunListener, stop: AbortSignal): Promise<RunResult> => {
    const so = recorder(spec, listener);
    if (stop.aborted) return so.far();
    const opened = await open();
    opened.listener = so;
    opened.thread.hold(true);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let tell = (): void => undefined;
    const tooLate = new Promise<RunResult>((resolve) => {
      tell = () => {
        opened.peer.notify('stop', undefined);
        timer = setTimeout(() => {
          resolve(so.far());
          if (link === opened) close('the run was stopped');
        }, graceMs);
      };
    });
    if (stop.aborted) tell();
    else stop.addEventListener('abort', tell, { once: true });
    try {
      return await Promise.race([opened.peer.call('run', { spec, assets }), tooLate]);
    } finally {
      // A run that is over must not be stopped any more: what would stop is the next one.
      stop.removeEventListener('abort', tell);
      clearTimeout(timer);
      opened.listener = {};
      opened.thread.hold(false);
      idle = unheld(setTimeout(() => close('the worker was idle'), idleMs));
    }
  };

  return {
    run(spec, listener, signal) {
      if (disposed) return Promise.reject(new Error('The training has been shut down.'));
      stopLast();
      const stop = new AbortController();
      const pass = (): void => stop.abort();
      stopLast = pass;
      if (signal?.aborted) pass();
      signal?.addEventListener('abort', pass, { once: true });
      const result = last
        .then(() => trainIn(spec, listener, stop.signal))
        .finally(() => signal?.removeEventListener('abort', pass));
      last = result.catch(() => undefined);
      return result;
    },
    kill() {
      const running = link !== null;
      link?.thread.end();
      return running;
    },
    dispose() {
      disposed = true;
      stopLast();
      close('The training has been shut down.');
    },
  };
}

function connectTo(thread: Thread, listener: () => RunListener): Peer<typeof workerContract> {
  return connect(
    thread.port,
    listenerContract,
    {
      started: (begun) => listener().onStart?.(begun),
      points: (points) => listener().onPoints?.(points),
    },
    workerContract,
  );
}

/** Passes on what a run tells, and remembers it in case the worker can no longer be asked. */
function recorder(spec: ExperimentSpec, listener: RunListener): Required<RunListener> & { far(): RunResult } {
  const losses: number[][] = spec.variants.map(() => []);
  let backend: BackendId = spec.backend === 'auto' ? 'wasm' : spec.backend;
  const started = Date.now();
  return {
    onStart(begun) {
      backend = begun.backend;
      listener.onStart?.(begun);
    },
    onPoints(points) {
      points.losses.forEach((values, variant) => losses[variant]?.push(...values));
      listener.onPoints?.(points);
    },
    far: () => ({
      backend,
      losses,
      weightDeviation: spec.variants.map(() => Number.NaN),
      stopped: true,
      ms: Date.now() - started,
    }),
  };
}

/** A timer that does not keep a process of Node alive. */
function unheld<T>(timer: T): T {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function') {
    timer.unref();
  }
  return timer;
}
