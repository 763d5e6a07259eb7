import { profile } from '@tensorflow/tfjs-core';
import { runExperiment } from '../../src/experiment/run';
import type { ExperimentSpec, Projection } from '../../src/experiment/spec';
import { noRuleRows, optimizerRows } from '../../src/recipe/optimizers/optimizers';
import { quietly, specOf } from './cost-specs';

/** Steps between two profiles: what some optimizers do only every few steps is spread over them. */
const STEPS = 10;

/** Operations that tfjs starts in a step, by its own profile. */
async function kernelsOf(spec: ExperimentSpec): Promise<number> {
  const run = async (steps: number): Promise<number> => {
    let count = 0;
    // Typed for what is synchronous, though it waits for a promise.
    const info = await profile((async () => {
      const { losses } = await runExperiment({ ...spec, steps, variants: spec.variants.slice(0, 2) }, quietly);
      count = losses.length;
    }) as never);
    if (count === 0) throw new Error('nothing was trained');
    return info.kernels.length;
  };
  // The first run draws and trains what further ones find done.
  await run(1);
  return ((await run(2 + STEPS)) - (await run(2))) / STEPS;
}

/** The numbers of KERNELS in cost-table.ts and of optimizer-costs.ts, from differences between specs that differ in one thing. */
export async function kernelCounts(): Promise<object> {
  const plain = { useDora: false, dropout: 0 } as const;
  const of = (task: ExperimentSpec['task'], fields: Partial<ExperimentSpec>, row = 'sgd'): Promise<number> =>
    kernelsOf({ ...unclipped(specOf(task, row)), ...plain, ...fields });
  const layers = (count: number): Partial<ExperimentSpec> => ({ sizes: { hidden: 16, layers: count } });
  const wide: Partial<ExperimentSpec> = { sizes: { hidden: 32, layers: 2 } };

  const [two, three] = [await of('mlp', layers(2)), await of('mlp', layers(3))];
  const layer = three - two;
  const block = (await of('mlp', wide)) - two;
  const linear = await of('linear', {});
  const targets = async (...names: Projection[]): Promise<number> => {
    const { block: shape } = specOf('transformer', 'sgd');
    return of('transformer', shape ? { block: { ...shape, targets: names } } : {});
  };
  // All of one shape.
  const [q, all] = [await targets('q'), await targets('q', 'k', 'v', 'o')];
  const dora = async (count: number): Promise<number> => of('mlp', { ...layers(count), useDora: true });
  const optimizers: Record<string, number> = {};
  for (const { id } of [...optimizerRows(), ...noRuleRows()])
    optimizers[id] = block + (await of('linear', {}, id)) - linear;
  return {
    tasks: { linear: linear - block, mlp: two - layer - block, transformer: q - block },
    layers: { linear: 0, mlp: layer, transformer: (all - q) / 3 },
    dora: (await dora(3)) - (await dora(2)) - layer,
    dropout: ((await of('mlp', { ...layers(2), dropout: 0.05 })) - two) / 2,
    clip: (await kernelsOf({ ...specOf('linear', 'sgd'), ...plain })) - linear,
    optimizers: Object.fromEntries(Object.entries(optimizers).map(([id, count]) => [id, Math.round(count)])),
  };
}

function unclipped(spec: ExperimentSpec): ExperimentSpec {
  return { ...spec, variants: spec.variants.map((variant) => ({ ...variant, maxGradNorm: null })) };
}
