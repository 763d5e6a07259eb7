import type { ExperimentSpec, RunResult } from '../experiment/spec';
import type { RunListener, Runner } from '../worker/runner';
import { webRunner } from '../worker/web-runner';

interface HereOptions {
  /** Address of the worker's text. */
  worker?: string;
  /** Address of the folder with the wasm files. */
  assets?: string;
}

interface HereListener {
  started(start: Parameters<NonNullable<RunListener['onStart']>>[0]): void;
  points(points: Parameters<NonNullable<RunListener['onPoints']>>[0]): void;
}

/** Runs experiments in a web worker of the page: the only place of VS Code that has WebGL. One at a time. */
export function hereRunner(
  { worker = '', assets = '' }: HereOptions,
  { started, points }: HereListener,
): { run(spec: ExperimentSpec): Promise<RunResult>; stop(): void } {
  let runner: Runner | null = null;
  let stopping: AbortController | null = null;
  return {
    async run(spec) {
      stopping?.abort();
      const own = (stopping = new AbortController());
      runner ??= webRunner({ createWorker: () => startWorker(worker), assets: await blobsOf(assets) });
      return runner.run(spec, { onStart: started, onPoints: points }, own.signal);
    },
    stop: () => stopping?.abort(),
  };
}

const WASM = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'];

/** The wasm files as a JSON object of file name → blob address: a worker started from a blob reaches no others. */
async function blobsOf(folder: string): Promise<string> {
  const entries = await Promise.all(
    WASM.map(async (name) => [name, await blobOf(`${folder.replace(/\/$/, '')}/${name}`, 'application/wasm')]),
  );
  return JSON.stringify(Object.fromEntries(entries));
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
