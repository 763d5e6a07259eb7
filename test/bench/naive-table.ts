import { join } from 'node:path';
import type { Backend } from '../../src/experiment/backends/backend';
import { chooseBackend } from '../../src/experiment/backends/choose';
import { cpu } from '../../src/experiment/backends/cpu';
import { wasm } from '../../src/experiment/backends/wasm';
import { drawLayer } from '../../src/experiment/draw/mlp';
import { runExperiment } from '../../src/experiment/run';
import { runVerdict } from '../../src/experiment/verdict/verdict';
import { nodeRunner } from '../../src/worker/node/runner';
import { checkSpec } from './check-spec';
import { layerSpec } from './layer-spec';
import { bestOf } from './measure';
import { trainNaively } from './naive';

/** Our loop against tfjs as it comes on each backend, and what a user waits for: `npm run bench -- --naive`. */

const SIZES = [
  [16, 4, 2],
  [64, 64, 8],
] as const;
const STEPS = 300;

const [shipped = ''] = process.argv.slice(2);

async function layers(backend: Backend): Promise<void> {
  await chooseBackend(backend.id, [backend], shipped);
  const options = {
    backends: [backend],
    assets: shipped,
    isStopped: () => false,
    pause: () => Promise.resolve(),
    onStart: () => undefined,
    onPoints: () => undefined,
  };
  for (const size of SIZES) {
    for (const row of ['sgd', 'adam']) {
      const eight = layerSpec(size, row, 8, STEPS, backend.id);
      const one = layerSpec(size, row, 1, STEPS, backend.id);
      const problem = drawLayer(one);
      const ours = (8_000 * STEPS) / (await bestOf(() => runExperiment(eight, options)));
      const naive = (1_000 * STEPS) / (await bestOf(() => Promise.resolve(trainNaively(one, problem))));
      say(backend, `(${size.join(', ')}) ${row}`, `${Math.round(ours)} variant-steps/s, naive ${Math.round(naive)}`);
    }
  }
}

/** From the click, through the start of the worker, to the verdict. */
async function check(backend: Backend): Promise<void> {
  const { spec } = checkSpec(backend.id);
  const start = () => nodeRunner({ workerPath: join(shipped, 'worker-node.js'), assets: shipped });
  const verdict = async (runner: ReturnType<typeof start>): Promise<unknown> =>
    runVerdict(spec, await runner.run(spec, {}));
  const cold = await bestOf(async () => {
    const runner = start();
    await verdict(runner);
    runner.dispose();
  });
  const runner = start();
  const warm = await bestOf(() => verdict(runner));
  runner.dispose();
  const work = `a check: ${spec.variants.length} variants × ${spec.steps} steps`;
  say(backend, work, `${Math.round(cold)} ms with a worker to be started, ${Math.round(warm)} ms with a warm one`);
}

function say({ id }: Backend, work: string, measured: string): void {
  process.stdout.write(`${id.padEnd(6)}${work.padEnd(40)}${measured}\n`);
}

async function main(): Promise<void> {
  for (const backend of [wasm, cpu]) {
    await check(backend);
    await layers(backend);
  }
}

void main();
