import * as l10n from '@vscode/l10n';
import { threadRunner } from '../thread-runner';
import type { KillableRunner, Thread } from '../runner';

/** As much of a web worker as is needed; spelled out because this file is also checked without the DOM's types. */
interface WebWorker {
  postMessage(message: unknown): void;
  addEventListener(type: string, listener: (event: { data?: unknown; message?: string }) => void): void;
  removeEventListener(type: string, listener: (event: { data?: unknown; message?: string }) => void): void;
  terminate(): void;
}

interface WebRunnerOptions {
  /** Starts the bundle of worker/web/main.ts; in a webview from a blob, since its own origin may not start workers. */
  createWorker(): Promise<WebWorker>;
  /** URL of the folder with the wasm file, or of a blob that holds it. */
  assets: string;
}

/** Runs experiments in a web worker. */
export function webRunner({ createWorker, assets }: WebRunnerOptions): KillableRunner {
  return threadRunner({ start: async () => threadOf(await createWorker()), assets });
}

function threadOf(worker: WebWorker): Thread {
  let die: (reason: string) => void = () => undefined;
  const died = new Promise<string>((resolve) => (die = resolve));
  worker.addEventListener('error', ({ message }) => {
    die(l10n.t`The training worker failed: ${message || l10n.t('its program could not be loaded')}`);
    // A web worker keeps running after an uncaught error, so its state may be wrong.
    worker.terminate();
  });
  worker.addEventListener('messageerror', () => {
    die(l10n.t('A message of the training worker could not be read.'));
    worker.terminate();
  });
  return {
    died,
    port: {
      post: (message) => worker.postMessage(message),
      listen(listener) {
        const hear = (event: { data?: unknown }): void => listener(event.data);
        worker.addEventListener('message', hear);
        return () => worker.removeEventListener('message', hear);
      },
    },
    end() {
      worker.terminate();
      die(l10n.t('The training worker ended unexpectedly. The next run starts a new one.'));
    },
    hold: () => undefined,
  };
}
