import * as v from 'valibot';
import { experimentSpec, losses, runStart, trainedRun } from '../experiment/spec';
import { asked } from '../messages/rpc';

/** The same between threads: half the size, and no number of it needs a look. */
const packedLosses = v.union([
  v.pipe(
    v.array(v.instance(Float32Array)),
    v.transform((curves) => curves.map((curve) => Array.from(curve))),
  ),
  losses,
]);

export function packed(curves: readonly (readonly number[])[]): Float32Array<ArrayBuffer>[] {
  return curves.map((curve) => Float32Array.from(curve));
}

/** What a worker can be asked. `assets`: see RunOptions. */
export const workerContract = {
  run: {
    params: v.object({ spec: experimentSpec, assets: v.string() }),
    result: v.object({ ...trainedRun.entries, losses: packedLosses }),
  },
  stop: asked(),
};

/** What a worker tells while it trains. */
export const listenerContract = {
  started: asked(runStart),
  points: asked(v.object({ from: v.number(), losses: packedLosses })),
};
