import * as l10n from '@vscode/l10n';
import type { BackendId, ExperimentSpec, TrainedRun } from '../experiment/spec';
import { connect, type Peer } from '../messages/rpc';
import { listenerContract, workerContract } from './contract';
import { takeover, turns, type Runner, type RunListener, type Thread } from './runner';

interface RunnerOptions {
  start(): Promise<Thread>;
  /** As the worker's contract has it. */
  assets: string;
  /** A worker without work is ended after so many milliseconds. V8 keeps its memory for some eight seconds more. */
  idleMs?: number;
  /** A worker that does not stop within so many milliseconds is ended; one that does is kept warm. */
  graceMs?: number;
}

interface RunnerLink {
  thread: Thread;
  peer: Peer<typeof workerContract>;
  /** Of the run that is going on. */
  listener: RunListener;
}

/** A run that is stopped is answered after so many milliseconds, even if the worker is still at it. */
const ANSWER_MS = 70;

const SHUT_DOWN = l10n.t('The training has been shut down.');

/** Runs experiments in a worker that is started when needed, kept warm, and replaced when it dies. */
export function threadRunner({ start, assets, idleMs = 5_000, graceMs = 1_000 }: RunnerOptions): Runner {
  let link: RunnerLink | null = null;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let disposed = false;
  const inTurn = turns();
  const runs = takeover();

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
    const peer = connect(
      thread.port,
      listenerContract,
      { started: (begun) => opened.listener.onStart?.(begun), points: (points) => opened.listener.onPoints?.(points) },
      workerContract,
      // After an invalid message an answer may be lost.
      (message) => drop(opened, l10n.t`A message of the training worker is invalid: ${message}.`),
    );
    const opened: RunnerLink = { thread, peer, listener: {} };
    link = opened;
    void thread.died.then((reason) => drop(opened, reason));
    if (disposed) drop(opened, SHUT_DOWN);
    return opened;
  };

  /** Settles when the worker is free again. */
  const trainIn = async (spec: ExperimentSpec, recorded: Recorder, stop: AbortSignal): Promise<TrainedRun> => {
    if (stop.aborted) return recorded.far();
    const opened = await open();
    opened.listener = recorded;
    opened.thread.hold(true);
    const tooLate = after(stop, graceMs, recorded.far, () => opened.peer.notify('stop', undefined));
    void tooLate.promise.then(() => drop(opened, 'the run was stopped'));
    try {
      return await Promise.race([opened.peer.call('run', { spec, assets }), tooLate.promise]);
    } catch (error) {
      // What a failure leaves behind (an aborted WebAssembly module, say) is not to be trusted.
      drop(opened, 'the run failed');
      throw error;
    } finally {
      // A run that is over must not be stopped any more: what would stop is the next one.
      tooLate.forget();
      opened.listener = {};
      opened.thread.hold(false);
      if (link === opened) idle = unheld(setTimeout(() => drop(opened, 'the worker was idle'), idleMs));
    }
  };

  return {
    run(spec, listener, signal) {
      if (disposed) return Promise.reject(new Error(SHUT_DOWN));
      return runs.run(signal, (stop) => {
        const recorded = recorder(spec, listener);
        const ended = inTurn(() => trainIn(spec, recorded, stop.signal));
        const answer = after(stop.signal, ANSWER_MS, recorded.far);
        return Promise.race([ended, answer.promise]).finally(() => {
          recorded.mute();
          answer.forget();
        });
      });
    },
    kill() {
      link?.thread.end();
      return link !== null;
    },
    dispose() {
      disposed = true;
      drop(link, SHUT_DOWN);
      runs.stop();
    },
  };
}

/** `value()`, so many milliseconds after the signal. `forget` frees the timer and the listener. */
function after<T>(
  signal: AbortSignal,
  ms: number,
  value: () => T,
  atOnce: () => void = () => undefined,
): { promise: Promise<T>; forget(): void } {
  const { promise, resolve } = deferred<T>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    atOnce();
    timer = setTimeout(() => resolve(value()), ms);
  };
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

export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** A timer that does not keep a process of Node alive. */
function unheld<T>(timer: T): T {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref();
  return timer;
}

/** Passes the reports of a run on, and keeps them in case the worker dies. */
interface Recorder extends RunListener {
  /** The run so far, as one that was stopped. */
  far(): TrainedRun;
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
        // Not push(...values): so many arguments do not fit on the stack.
        for (const value of values) losses[variant]?.push(value);
      });
      listener.onPoints?.(points);
    },
    far() {
      const soFar = losses.map((curve) => [...curve]);
      return { backend, losses: soFar, weights: [], stopped: true, ms: Date.now() - started };
    },
    mute() {
      listener = {};
    },
  };
}
