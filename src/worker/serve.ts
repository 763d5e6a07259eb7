import type { Backend } from '../experiment/backends/backend';
import { runExperiment } from '../experiment/run';
import { baseWith, shapeOfKey, type ReadyBases } from '../experiment/training/pretrained';
import { connect, type Port } from '../messages/rpc';
import { listenerContract, packed, workerContract } from './contract';
import { turns } from './runner';

/**
 * The worker's side: trains on request, reports the losses as they come, and stops on request.
 * One run at a time: a run asked for while another goes on stops that one and waits for its end.
 * @param backends those in this worker's bundle
 */
export function serve(port: Port, backends: readonly Backend[]): void {
  let current = { stopped: false };
  const inTurn = turns();
  const bases = shippedBases();
  const listener = connect(
    port,
    workerContract,
    {
      async run({ spec, assets }) {
        current.stopped = true;
        const mine = (current = { stopped: false });
        const done = await inTurn(() =>
          runExperiment(spec, {
            backends,
            assets,
            bases,
            isStopped: () => mine.stopped,
            pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
            onStart: (begun) => listener.notify('started', begun),
            onPoints: ({ from, losses }) => listener.notify('points', { from, losses: packed(losses) }),
          }),
        );
        return { ...done, losses: packed(done.losses) };
      },
      stop() {
        current.stopped = true;
      },
    },
    listenerContract,
  );
}

/** Key of a base → its weights, float32 in base64, written by the build (scripts/bases/main.ts); tests have none. */
declare const LORA_ALPHA_BASES: Readonly<Record<string, string>> | undefined;

function shippedBases(): ReadyBases {
  const shipped = typeof LORA_ALPHA_BASES === 'undefined' ? {} : LORA_ALPHA_BASES;
  const floatsIn = (base64: string): Float32Array =>
    new Float32Array(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer);
  return new Map(Object.entries(shipped).map(([key, text]) => [key, baseWith(shapeOfKey(key), floatsIn(text))]));
}
