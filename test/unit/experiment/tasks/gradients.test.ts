import {
  abs,
  add,
  div,
  matMul,
  mean,
  memory,
  mul,
  norm,
  setBackend,
  square,
  sub,
  tanh,
  tidy,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawLayer } from '../../../../src/experiment/draw/layer';
import { drawMlp } from '../../../../src/experiment/draw/mlp';
import { doraTask } from '../../../../src/experiment/tasks/dora';
import { mlpTask } from '../../../../src/experiment/tasks/mlp';
import { check, lora, matrix, variants } from '../support/autodiff';
import { spec } from '../support/lab';

/**
 * Every task's hand-written passes against tfjs' own differentiation of the definition, written the way a PyTorch
 * module would be: one variant, plain matrices, B away from zero.
 */

beforeAll(async () => {
  await setBackend('cpu');
});

const cost = (kind: 'l1' | 'mse', error: Tensor): Tensor => mean(kind === 'mse' ? square(error) : abs(error));

const layers = [
  { width: 5, batch: 7, rank: 3 },
  { width: 9, batch: 4, rank: 2 },
  { width: 64, batch: 40, rank: 4 },
];

describe.each(layers)('DoRA $width wide, rank $rank', (size) => {
  it.each(['mse', 'l1'] as const)('has the loss and the gradients of its definition under %s', (kind) => {
    const problem = drawLayer(spec({ ...size, data: { target: 'noise', inputScale: 1, targetScale: 1 } }));
    const { batch, width } = problem;
    const task = doraTask(problem, variants, kind);
    // The norms are detached, so they are computed outside of what is differentiated.
    const detached = (b: Tensor2D, a: Tensor2D, frozen: Tensor2D, s: number): Tensor2D => {
      const values = norm(add(frozen, mul(matMul(b, a), s)), 2, 1, true).dataSync();
      return matrix(values, width, 1);
    };
    tidy(() => {
      const [x, y] = [matrix(problem.inputs, batch, width), matrix(problem.targets, batch, width)];
      const frozen = matrix(problem.frozen, width, width);
      check(task, ({ A, B, m }, s) => {
        if (!A || !B || !m) throw new Error('a matrix is missing');
        const v = add(frozen, mul(matMul(B, A), s));
        const weight = mul(m, div(v, detached(B, A, frozen, s))) as Tensor2D;
        return cost(kind, sub(matMul(x, weight, false, true), y));
      });
    });
    task.dispose();
  });

  it('starts as the layer it adapts', () => {
    const problem = drawLayer(spec(size));
    const task = doraTask(problem, variants, 'mse');
    const losses = tidy(() => task.pass(task.start(), 1).loss.dataSync());
    const expected = tidy(() => {
      const x = matrix(problem.inputs, problem.batch, problem.width);
      const y = matMul(x, matrix(problem.frozen, problem.width, problem.width), false, true);
      return cost('mse', sub(y, matrix(problem.targets, problem.batch, problem.width))).dataSync()[0];
    });
    losses.forEach((loss) => expect(loss).toBeCloseTo(expected ?? NaN, 5));
    task.dispose();
  });
});

describe.each([...layers.map((size) => ({ ...size, hidden: 2 * size.width })), { ...layers[0], hidden: 5 }])(
  'an MLP $width wide, $hidden inside',
  ({ hidden, ...size }) => {
    it.each(['mse', 'l1'] as const)('has the loss and the gradients of its definition under %s', (kind) => {
      const data = { target: 'noise', inputScale: 1, targetScale: 1 } as const;
      const problem = drawMlp(spec({ ...size, sizes: { hidden }, data }));
      const { batch, width } = problem;
      const task = mlpTask(problem, variants, kind);
      tidy(() => {
        const [x, y] = [matrix(problem.inputs, batch, width), matrix(problem.targets, batch, width)];
        const [first, second] = [
          matrix(problem.first.frozen, hidden, width),
          matrix(problem.second.frozen, width, hidden),
        ];
        check(task, ({ A1, B1, A2, B2 }, s) =>
          cost(kind, sub(lora(tanh(lora(x, first, A1, B1, s)), second, A2, B2, s), y)),
        );
      });
      task.dispose();
    });
  },
);

it('keeps no tensor', () => {
  const before = memory().numTensors;
  const layer = drawLayer(spec());
  const tasks = [doraTask(layer, variants, 'mse'), mlpTask(drawMlp(spec()), variants, 'l1')];
  for (const task of tasks) {
    tidy(() => void task.pass(task.start(), 1));
    task.dispose();
  }
  expect(memory().numTensors).toBe(before);
});
