import { tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawLayer } from '../../../../../src/experiment/draw/mlp';
import { LINEAR_PASS } from '../../../../../src/experiment/tensors/operations';
import { linearTask } from '../../../../../src/experiment/tasks/regression';
import { spec, variant } from '../../support/lab';
import { BUILDS, startWith, without } from './support';

const variants = [
  { name: 'base', scaling: 2, draw: 0 },
  { name: 'wide', scaling: 32, draw: 0 },
  { name: 'base@4', scaling: 2, draw: 1 },
].map(variant);

const sizes = [
  { width: 4, batch: 16, rank: 2 },
  { width: 5, batch: 7, rank: 3 },
  { width: 1, batch: 1, rank: 1 },
  // More rows than fit into a block of the error.
  { width: 300, batch: 450, rank: 9 },
];
/** Drawing the largest takes longer than all that is done with it. */
const drawn = sizes.map((size) => ({ ...size, problem: drawLayer(spec({ ...size, seeds: [3, 4] })) }));
const cases = drawn.flatMap((size) =>
  (['mse', 'l1'] as const).flatMap((loss) => [2, 3].map((count) => ({ ...size, loss, count }))),
);

describe.each(BUILDS)('%s', (build) => {
  beforeAll(() => startWith(build));

  it.each(cases)(
    'are those of the operations: $count variants, $width wide, $loss',
    async ({ problem, loss, count, rank, width }) => {
      const task = linearTask(problem, variants.slice(0, count), loss);
      const shape = [2, count, rank, width];
      const values = Float32Array.from({ length: 2 * count * rank * width }, (_, i) => Math.sin(i * i + 1));
      const pass = (): { losses: number[]; slopes: number[] } =>
        tidy(() => {
          const { loss: cost, gradients } = task.pass([tensor(values, shape)], 1);
          return { losses: [...cost.dataSync()], slopes: gradients.flatMap((each) => [...each.dataSync()]) };
        });
      const [atOnce, byOperations] = [pass(), await without(LINEAR_PASS, pass)];
      expect(atOnce.slopes).toEqual(byOperations.slopes);
      // Squares are added up in another order.
      atOnce.losses.forEach((cost, i) => {
        expect(Math.abs(cost / (byOperations.losses[i] ?? 0) - 1)).toBeLessThan(3e-7);
      });
      task.dispose();
    },
  );
});
