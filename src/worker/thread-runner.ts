import * as l10n from '@vscode/l10n';
import type { ExperimentSpec, TrainedRun, BackendId } from '../experiment/spec';
import { connect, type Peer } from '../messages/rpc';
import { listenerContract, workerContract } from './contract';
import { type RunListener, type Runner, type Thread, turns } from './runner';

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
  /** Whoever stops a run has what was computed after so many milliseconds, even if the worker is still at it. */
  answerMs?: number;
  /** A worker that does not stop within so many milliseconds is ended; one that does is kept warm. */
  graceMs?: number;
}

interface RunnerLink {
  thread: Thread;
  peer: Peer<typeof workerContract>;
  /** Hears of the run that is going on. */
  listener: RunListener;
}

/** V8 keeps the memory of a thread that has ended for some eight seconds more. */
const IDLE_MS = 5_000;

const SHUT_DOWN = l10n.t('The training has been shut down.');

/** Runs experiments in a worker that is started when needed, kept warm, and replaced when it dies. */
export function threadRunner({
  start,
  assets,
  idleMs = IDLE_MS,
  answerMs = 70,
  graceMs = 1_000,
}: RunnerOptions): KillableRunner {
  let link: RunnerLink | null = null;
  const inTurn = turns();
  let stopLast: () => void = () => undefined;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let disposed = false;

  /** Ends this worker; the next run starts another. */
  const drop = (dropped: RunnerLink | null, reason: string): void => {
    if (dropped === link) {
      clearTimeout(idle);
      link = null;
    }
    dropped?.peer.dispose(reason);
    dropped?.thread.end();
  };

  const open = async (): Promise<RunnerLink> => {
    clearTimeout(idle);
    if (link) return link;
    const thread = await start();
    const peer = connectTo(
      thread,
      () => opened.listener,
      (reason) => drop(opened, reason),
    );
    const opened: RunnerLink = { thread, peer, listener: {} };
    link = opened;
    void thread.died.then((reason) => drop(opened, reason));
    if (disposed) drop(opened, SHUT_DOWN);
    return opened;
  };

  /** Settles when the worker is free again. */
  const trainIn = async (spec: ExperimentSpec, so: Recorder, stop: AbortSignal): Promise<TrainedRun> => {
    if (stop.aborted) return so.far();
    const opened = await open();
    opened.listener = so;
    opened.thread.hold(true);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let tell = (): void => undefined;
    const tooLate = new Promise<TrainedRun>((resolve) => {
      tell = () => {
        opened.peer.notify('stop', undefined);
        timer = setTimeout(() => {
          resolve(so.far());
          drop(opened, 'the run was stopped');
        }, graceMs);
      };
    });
    if (stop.aborted) tell();
    else stop.addEventListener('abort', tell, { once: true });
    try {
      return await Promise.race([opened.peer.call('run', { spec, assets }), tooLate]);
    } catch (error) {
      // What a failure leaves behind (an aborted WebAssembly module, say) is not to be trusted.
      drop(opened, 'the run failed');
      throw error;
    } finally {
      // A run that is over must not be stopped any more: what would stop is the next one.
      stop.removeEventListener('abort', tell);
      clearTimeout(timer);
      opened.listener = {};
      opened.thread.hold(false);
      if (link === opened) idle = unheld(setTimeout(() => drop(opened, 'the worker was idle'), idleMs));
    }
  };

  return {
    run(spec, listener, signal) {
      if (disposed) return Promise.reject(new Error(SHUT_DOWN));
      stopLast();
      const stop = new AbortController();
      const pass = (): void => stop.abort();
      stopLast = pass;
      if (signal?.aborted) pass();
      signal?.addEventListener('abort', pass, { once: true });
      const so = recorder(spec, listener);
      const ended = inTurn(() => trainIn(spec, so, stop.signal));
      const answer = answerAfter(answerMs, stop.signal, () => so.far());
      return Promise.race([ended, answer.promise]).finally(() => {
        so.mute();
        answer.forget();
        signal?.removeEventListener('abort', pass);
      });
    },
    kill() {
      const running = link !== null;
      link?.thread.end();
      return running;
    },
    dispose() {
      disposed = true;
      drop(link, SHUT_DOWN);
      stopLast();
    },
  };
}

/** A promise of what `so` says, `ms` after the signal. */
function answerAfter(
  ms: number,
  signal: AbortSignal,
  so: () => TrainedRun,
): { promise: Promise<TrainedRun>; forget(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = (): void => undefined;
  const promise = new Promise<TrainedRun>((resolve) => {
    wait = () => {
      timer = setTimeout(() => resolve(so()), ms);
    };
  });
  if (signal.aborted) wait();
  else signal.addEventListener('abort', wait, { once: true });
  return {
    promise,
    forget() {
      signal.removeEventListener('abort', wait);
      clearTimeout(timer);
    },
  };
}

/** @param distrust called when the worker says what is no message, or one that does not fit: an answer may be lost */
function connectTo(
  thread: Thread,
  listener: () => RunListener,
  distrust: (reason: string) => void,
): Peer<typeof workerContract> {
  return connect(
    thread.port,
    listenerContract,
    {
      started: (begun) => listener().onStart?.(begun),
      points: (points) => listener().onPoints?.(points),
      fault: (message) => listener().onFault?.(message),
    },
    workerContract,
    { onFault: (message) => distrust(l10n.t`A message of the training worker is invalid: ${message}.`) },
  );
}

/** A timer that does not keep a process of Node alive. */
function unheld<T>(timer: T): T {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function') {
    timer.unref();
  }
  return timer;
}

/** Passes the reports of a run on, and keeps them in case the worker dies. */
interface Recorder extends Required<RunListener> {
  /** The run so far, as one that was stopped. */
  far(): TrainedRun;
  /** Stops passing reports on. */
  mute(): void;
}

function recorder(spec: ExperimentSpec, listener: RunListener): Recorder {
  const losses: number[][] = spec.variants.map(() => []);
  let backend: BackendId = spec.backend === 'auto' ? 'wasm' : spec.backend;
  const started = Date.now();
  return {
    onStart(begun) {
      backend = begun.backend;
      listener.onStart?.(begun);
    },
    onPoints(points) {
      points.losses.forEach((values, variant) => {
        const curve = losses[variant];
        // Not push(...values): so many arguments do not fit on the stack.
        if (curve) for (const value of values) curve.push(value);
      });
      listener.onPoints?.(points);
    },
    onFault: (message) => listener.onFault?.(message),
    far: () => ({
      backend,
      losses: losses.map((curve) => [...curve]),
      weights: [],
      stopped: true,
      ms: Date.now() - started,
    }),
    mute() {
      listener = {};
    },
  };
}
