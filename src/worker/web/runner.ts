import * as l10n from '@vscode/l10n';
import type { Port } from '../../messages/rpc';
import type { Runner, Thread } from '../runner';
import { deferred, threadRunner } from '../thread-runner';

/** A web worker, or its own side of it; spelled out because this file is also checked without the DOM's types. */
interface WebPort {
  postMessage(message: unknown): void;
  addEventListener(type: string, listener: (event: { data?: unknown; message?: string }) => void): void;
  removeEventListener(type: string, listener: (event: { data?: unknown; message?: string }) => void): void;
}

export function webPort(side: WebPort): Port {
  return {
    post: (message) => side.postMessage(message),
    listen(listener) {
      const hear = (event: { data?: unknown }): void => listener(event.data);
      side.addEventListener('message', hear);
      return () => side.removeEventListener('message', hear);
    },
  };
}

interface WebRunnerOptions {
  /** Starts the bundle of worker/web/main.ts; in a webview from a blob, since its own origin may not start workers. */
  createWorker(): Promise<WebPort & { terminate(): void }>;
  /** URL of the folder with the wasm file, or of a blob that holds it. */
  assets: string;
}

/** Runs experiments in a web worker. */
export function webRunner({ createWorker, assets }: WebRunnerOptions): Runner {
  return threadRunner({ start: async () => threadOf(await createWorker()), assets });
}

function threadOf(worker: Awaited<ReturnType<WebRunnerOptions['createWorker']>>): Thread {
  const { promise: died, resolve } = deferred<string>();
  // A web worker keeps running after an uncaught error, so its state may be wrong.
  const die = (reason: string): void => {
    resolve(reason);
    worker.terminate();
  };
  worker.addEventListener('error', ({ message }) =>
    die(l10n.t`The training worker failed: ${message || l10n.t('its program could not be loaded')}`),
  );
  worker.addEventListener('messageerror', () => die(l10n.t('A message of the training worker could not be read.')));
  return {
    died,
    port: webPort(worker),
    end: () => die(l10n.t('The training worker ended unexpectedly. The next run starts a new one.')),
    hold: () => undefined,
  };
}
