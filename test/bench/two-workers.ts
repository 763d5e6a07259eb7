import { join } from 'node:path';
import { nodeRunner } from '../../src/worker/node/runner';
import { sharingRunner } from '../../src/worker/sharing-runner';
import { layerSpec, type LayerSize, speedRow, torchLayer, VARIANTS, type Bench, type Row, inTurns } from './rows';

const TURN_S = 0.6;
const ROUNDS = 4;

/**
 * The same layer in two of our workers, against two threads of PyTorch.
 * @param one the row of one worker: how many steps fill a turn
 */
export async function twoWorkers(bench: Bench, size: LayerSize, optimizer: string, one: Row): Promise<Row> {
  const name = `(${size.join(', ')}) ${optimizer}, two workers (variant-steps/s)`;
  const steps = Math.max(10, Math.round((one.ours / VARIANTS) * TURN_S * 1.5));
  const spec = layerSpec(size, optimizer, VARIANTS, steps);
  const { assets } = bench;
  const runner = sharingRunner({
    runner: () => nodeRunner({ workerPath: join(assets, 'worker-node.js'), assets }),
    cores: 2,
    worthMs: 0,
  });
  /** From the first points of both workers to their last: both draw the problem before that. */
  const ours = async (): Promise<number> => {
    const seen: { at: number; steps: number }[] = [];
    await runner.run(spec, {
      onPoints: ({ from, losses }) => seen.push({ at: performance.now(), steps: from + (losses[0]?.length ?? 0) }),
    });
    const [first, last] = [seen[0], seen.at(-1)];
    if (!first || !last || first === last) throw new Error(`${steps} steps of ${name} are too few to be timed`);
    return (1000 * VARIANTS * (last.steps - first.steps)) / (last.at - first.at);
  };
  try {
    const theirs = await torchLayer(bench, size, optimizer, 2, name);
    return speedRow(name, await inTurns(ROUNDS, Math.max, ours, theirs), one.goal);
  } finally {
    runner.dispose();
  }
}
