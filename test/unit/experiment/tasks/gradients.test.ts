import { abs, mean, memory, mul, setBackend, square, sub, tanh, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { dropoutOf, type Dropout } from '../../../../src/experiment/draw/random';
import { drawLayer, drawMlp, outputs, type MlpProblem } from '../../../../src/experiment/draw/mlp';
import { linearTask, mlpTask } from '../../../../src/experiment/tasks/regression';
import { check, dora, lora, matrix, variants as plain, type Weights } from '../support/autodiff';
import { spec } from '../support/lab';

/**
 * Every task's hand-written passes against tfjs' own differentiation of the definition, written the way a PyTorch
 * module would be: one variant, plain matrices, B away from zero.
 */

beforeAll(async () => {
  await setBackend('cpu');
});

const cost = (kind: 'l1' | 'mse', error: Tensor): Tensor => mean(kind === 'mse' ? square(error) : abs(error));

/** The first variant trains on the first draw, the second on the second. */
const drawn = plain.map((one, draw) => ({ ...one, draw }));

interface Kind {
  useDora: boolean;
  dropout: Dropout | null;
  loss: 'l1' | 'mse';
  step: number;
}

/** The loss of a chain of layers on the data of one draw, from its definition. */
function lossOf(
  { batch, layers, draws }: MlpProblem,
  draw: number,
  { useDora, dropout, loss, step, batches }: Kind & { batches: number },
): (weights: Weights, s: number) => Tensor {
  const data = draws[draw];
  if (!data) throw new Error(`no draw ${draw}`);
  const rows = (values: ArrayLike<number>, columns: number): Tensor2D => {
    const size = batch * columns;
    const from = ((step - 1) % batches) * size;
    return matrix(Array.from(values).slice(from, from + size), batch, columns);
  };
  return (weights, s) => {
    let x = rows(data.inputs, layers[0]?.inputs ?? 0);
    layers.forEach(({ frozen, inputs, outputs }, i) => {
      const name = layers.length === 1 ? '' : `${i + 1}`;
      const input = i === 0 ? x : tanh(x);
      const mask = dropout?.mask(draw, step, name, batch * inputs);
      const seen: Tensor2D = mask ? mul(input, matrix(mask, batch, inputs)) : input;
      const w0 = matrix(frozen, outputs, inputs);
      const [a, b, m] = ['A', 'B', 'm'].map((factor) => weights[`${factor}${name}`]);
      if (!a || !b) throw new Error(`layer ${name} is not trained`);
      if (useDora && !m) throw new Error(`layer ${name} has no magnitudes`);
      x = useDora && m ? dora(input, w0, { a, b, m }, s, seen) : lora(input, w0, a, b, s, seen);
    });
    return cost(loss, sub(x, rows(data.targets, layers.at(-1)?.outputs ?? 0)));
  };
}

const sizes = [
  { width: 5, batch: 7, rank: 3 },
  { width: 9, batch: 4, rank: 2 },
  { width: 64, batch: 40, rank: 4 },
];

const kinds = [
  { useDora: false, rate: 0, batches: 1, step: 1 },
  { useDora: false, rate: 0.3, batches: 2, step: 2 },
  { useDora: false, rate: 0.3, batches: 3, step: 5 },
  { useDora: true, rate: 0, batches: 1, step: 1 },
  { useDora: true, rate: 0, batches: 2, step: 4 },
  { useDora: true, rate: 0.3, batches: 2, step: 2 },
];

const data = { target: 'noise', inputScale: 1, targetScale: 1 } as const;

describe.each(sizes)('$width wide, rank $rank, $batch rows', (size) => {
  describe.each(kinds)('DoRA $useDora, dropout $rate, step $step of $batches mini-batches', (kind) => {
    const { useDora, rate, batches, step } = kind;
    const wanted = spec({ ...size, data, batches, dropout: rate, seeds: [3, 4] });
    const dropout = dropoutOf(wanted);

    it.each(['mse', 'l1'] as const)('one layer has the loss and the gradients of its definition under %s', (loss) => {
      const layer = drawLayer(wanted);
      const task = useDora
        ? mlpTask(layer, loss, { variants: drawn, useDora, dropout })
        : linearTask(layer, drawn, loss, dropout);
      // The scaling says which variant it is.
      const losses = drawn.map(({ draw }) => lossOf(layer, draw, { useDora, dropout, loss, step, batches }));
      check(task, (weights, s) => losses[s === drawn[0]?.scaling ? 0 : 1]?.(weights, s) as Tensor, { step });
      task.dispose();
    });

    it.each([
      { layers: 2, hidden: 11 },
      { layers: 3, hidden: 6 },
    ])('$layers layers, $hidden inside', (shape) => {
      const problem = drawMlp({ ...wanted, sizes: shape });
      expect(problem.layers).toHaveLength(shape.layers);
      const task = mlpTask(problem, 'mse', { variants: drawn, useDora, dropout });
      const losses = drawn.map(({ draw }) => lossOf(problem, draw, { useDora, dropout, loss: 'mse', step, batches }));
      check(task, (weights, s) => losses[s === drawn[0]?.scaling ? 0 : 1]?.(weights, s) as Tensor, { step });
      task.dispose();
    });
  });

  it('the slope of |e| at 0 is 0', () => {
    const layer = drawLayer(spec(size));
    const frozen = layer.layers[0].frozen;
    const draws = layer.draws.map((draw) => {
      return { ...draw, targets: outputs(draw.inputs, frozen, size.batch, size.width) };
    });
    const task = linearTask({ ...layer, draws }, plain, 'l1');
    const slopes = tidy(() => [...(task.pass(task.start(), 1).gradients[0]?.dataSync() ?? [1])]);
    expect(slopes.every((slope) => slope === 0)).toBe(true);
    task.dispose();
  });

  it('DoRA starts as the layer it adapts', () => {
    const problem = drawLayer(spec(size));
    const [task, reference] = [true, false].map((useDora) =>
      mlpTask(problem, 'mse', { variants: plain, useDora, dropout: null }),
    );
    const [losses = [], expected = []] = [task, reference].map((one) =>
      tidy(() => (one ? [...one.pass(one.start(), 1).loss.dataSync()] : [])),
    );
    expect(losses).toHaveLength(2);
    losses.forEach((loss, i) => expect(loss).toBeCloseTo(expected[i] ?? NaN, 5));
    [task, reference].forEach((one) => one?.dispose());
  });
});

it('keeps no tensor', () => {
  const before = memory().numTensors;
  const wanted = spec({ seeds: [1, 2], batches: 3, dropout: 0.2 });
  const dropout = dropoutOf(wanted);
  const tasks = [
    linearTask(drawLayer(wanted), drawn, 'l1', dropout),
    mlpTask(drawMlp(wanted), 'mse', { variants: drawn, useDora: true, dropout }),
    mlpTask(drawMlp(wanted), 'mse', { variants: plain, useDora: false, dropout: null }),
  ];
  for (const task of tasks) {
    tidy(() => void task.pass(task.start(), 2));
    task.dispose();
  }
  expect(memory().numTensors).toBe(before);
});
