import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import * as l10n from '@vscode/l10n';
import type { Runner, Thread } from '../runner';
import { sharingRunner } from '../sharing-runner';
import { deferred, threadRunner } from '../thread-runner';
import { nodePort } from './thread';

export interface NodeRunnerOptions {
  /** The bundle of worker/node/main.ts. */
  workerPath: string;
  /** Folder with the wasm files. */
  assets: string;
  idleMs?: number;
  graceMs?: number;
  /** How much JavaScript may keep in the worker; tensors of WebAssembly are not among it. */
  heapMb?: number;
}

/**
 * At V8's default size, 65 MB of dead typed arrays piled up, and stayed after the thread. Runs take as long at this
 * one.
 */
const YOUNG_MB = 4;

/**
 * Runs experiments in threads of Node, large ones in as many as there are cores.
 * @param most how many threads may train at once
 */
export function nodeRunners(options: NodeRunnerOptions, most?: () => number): Runner {
  return sharingRunner({ runner: () => nodeRunner(options), cores: availableParallelism(), ...(most ? { most } : {}) });
}

/** Runs experiments in one thread of Node. An idle worker never keeps the process alive. */
export function nodeRunner({ workerPath, heapMb = 512, ...options }: NodeRunnerOptions): Runner {
  return threadRunner({ start: () => Promise.resolve(startThread(workerPath, heapMb)), ...options });
}

function startThread(workerPath: string, heapMb: number): Thread {
  // What libraries print is not for the user's terminal, so it is left unread: reading it would keep the process alive.
  const worker = new Worker(workerPath, {
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const { promise: died, resolve: die } = deferred<string>();
  worker.once('error', (error) =>
    die(
      'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? OUT_OF_MEMORY
        : l10n.t`The training worker failed: ${firstLine(error)}`,
    ),
  );
  worker.once('messageerror', (error) =>
    die(l10n.t`A message of the training worker could not be read: ${firstLine(error)}`),
  );
  worker.once('exit', (code) =>
    die(l10n.t`The training worker ended unexpectedly (exit code ${code}). The next run starts a new one.`),
  );
  return {
    died,
    port: nodePort(worker),
    end: () => void worker.terminate(),
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
  };
}

const OUT_OF_MEMORY = l10n.t(
  'The training worker ran out of memory. The next run starts a new one. Try fewer steps, fewer variants or a smaller problem.',
);

const firstLine = ({ message, name }: Error): string => message.split('\n', 1)[0] ?? name;
