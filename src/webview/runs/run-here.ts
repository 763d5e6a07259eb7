import { parse } from 'valibot';
import { wasmFileIn } from '../../experiment/backends/wasm-file';
import { runResult, type ExperimentSpec, type RunResult } from '../../experiment/spec';
import type { RunListener, Runner } from '../../worker/runner';
import { sharingRunner } from '../../worker/sharing-runner';
import { webRunner } from '../../worker/web/runner';

interface HereOptions {
  /** Address of the worker's text. */
  worker?: string;
  /** Address of the folder with the wasm files. */
  assets?: string;
}

/**
 * Runs experiments in web workers of the page: the only place of VS Code that has WebGL. One at a time.
 * @param listenerOf the run with the number that it was asked for with
 */
export function hereRunner(
  { worker = '', assets = '' }: HereOptions,
  listenerOf: (run: number) => RunListener,
): { run(run: number, spec: ExperimentSpec): Promise<RunResult>; stop(): void } {
  // Made once, though a second run may be asked for while the first is still waiting for it.
  let runner: Promise<Runner> | null = null;
  let stopping: AbortController | null = null;
  const make = async (): Promise<Runner> => {
    const blob = await wasmBlob(assets);
    return sharingRunner({
      runner: () => webRunner({ createWorker: () => startWorker(worker), assets: blob }),
      cores: navigator.hardwareConcurrency,
      backends: ['cpu', 'wasm'],
    });
  };
  return {
    async run(run, spec) {
      stopping?.abort();
      const own = (stopping = new AbortController());
      const trained = await (await (runner ??= make())).run(spec, listenerOf(run), own.signal);
      // The host asks for no weights.
      return parse(runResult, trained);
    },
    stop: () => stopping?.abort(),
  };
}

/**
 * The wasm file as a blob, since a worker started from a blob reaches nothing else. Where it cannot be loaded, the folder, which
 * the worker cannot reach: it then takes another backend and says so.
 */
async function wasmBlob(folder: string): Promise<string> {
  return blobOf(wasmFileIn(folder), 'application/wasm').catch(() => folder);
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
