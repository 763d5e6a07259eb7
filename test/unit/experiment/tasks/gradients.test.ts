// The whole of tfjs, because it knows how to differentiate.
import '@tensorflow/tfjs';
import {
  abs,
  add,
  div,
  grads,
  linalg,
  logSoftmax,
  matMul,
  mean,
  memory,
  mul,
  neg,
  norm,
  oneHot,
  reshape,
  setBackend,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  tanh,
  tensor,
  tensor2d,
  tidy,
  transpose,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawLayer } from '../../../../src/experiment/draw/layer';
import { drawMlp } from '../../../../src/experiment/draw/mlp';
import { drawTransformer, PROJECTIONS, shapeOf, type Projection } from '../../../../src/experiment/draw/transformer';
import { doraTask } from '../../../../src/experiment/tasks/dora';
import { mlpTask } from '../../../../src/experiment/tasks/mlp';
import type { Task } from '../../../../src/experiment/tasks/task';
import { transformerTask } from '../../../../src/experiment/tasks/transformer';
import { spec, variant } from '../support/lab';

/**
 * Every task's hand-written passes against tfjs' own differentiation of the definition, written the way a PyTorch
 * module would be: one variant, plain matrices, B away from zero.
 */

beforeAll(async () => {
  await setBackend('cpu');
});

const SCALINGS = [0.5, 3];
const variants = SCALINGS.map((scaling, i) => variant({ name: `v${i}`, scaling }));

type Weights = Record<string, Tensor2D>;
type Loss = (weights: Weights, s: number) => Tensor;

const lora = (x: Tensor2D, frozen: Tensor2D, a: Tensor2D | undefined, b: Tensor2D | undefined, s: number): Tensor2D => {
  const plain = matMul(x, frozen, false, true);
  if (!a || !b) return plain as Tensor2D;
  const low = matMul(x, a, false, true);
  return add(plain, mul(matMul(low, b, false, true), s));
};

/** Numbers that look like nothing in particular, other ones for every matrix and variant. */
const numbers = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin((i + 3) * (i + 1) + 7.3 * seed) / 3);

/** Holds loss and gradients of every variant of the task against `loss`, differentiated by tfjs. */
function check(task: Task, loss: Loss): void {
  tidy(() => {
    const starts = task.blocks.map(({ rows, columns, parameters }, block) =>
      numbers(parameters.length * SCALINGS.length * rows * columns, block),
    );
    const stacks = task.blocks.map(({ rows, columns, parameters }, block) =>
      tensor(starts[block] ?? [], [parameters.length, SCALINGS.length, rows, columns]),
    );
    const pass = task.pass(stacks);
    const losses = pass.loss.dataSync();
    SCALINGS.forEach((s, which) => {
      const places = task.blocks.flatMap(({ rows, columns, parameters }, block) =>
        parameters.map(({ name, transposed }, i) => {
          const from = (i * SCALINGS.length + which) * rows * columns;
          const kept = tensor2d(starts[block]?.slice(from, from + rows * columns) ?? [], [rows, columns]);
          return { name, block, from, transposed, value: transposed ? transpose(kept) : kept };
        }),
      );
      const named = (values: readonly Tensor[]): Weights =>
        Object.fromEntries(places.map(({ name }, i) => [name, values[i] as Tensor2D]));
      const differentiate = grads((...values: Tensor[]) => loss(named(values), s));
      const expected = differentiate(places.map(({ value }) => value));
      expect(losses[which]).toBeCloseTo(loss(named(places.map(({ value }) => value)), s).dataSync()[0] ?? NaN, 5);
      places.forEach(({ name, block, from, transposed }, i) => {
        const reference = expected[i];
        if (!reference) throw new Error(`no gradient of ${name}`);
        const values = (transposed ? transpose(reference as Tensor2D) : reference).dataSync();
        const mine = pass.gradients[block]?.dataSync().slice(from, from + values.length) ?? [];
        const largest = Math.max(...values.map(Math.abs));
        expect(largest).toBeGreaterThan(1e-6);
        values.forEach((value, element) => {
          expect(Math.abs((mine[element] ?? NaN) - value), name).toBeLessThan(2e-5 * Math.max(largest, 1e-3));
        });
      });
    });
  });
}

function matrix(values: ArrayLike<number>, rows: number, columns: number): Tensor2D {
  return tensor2d(Float32Array.from(values), [rows, columns]);
}

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
    const losses = tidy(() => task.pass(task.start()).loss.dataSync());
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

const blocks: { name: string; targets: readonly Projection[]; size: Parameters<typeof spec>[0] }[] = [
  { name: 'with LoRA on q and v', targets: ['q', 'v'], size: { width: 8, batch: 2, rank: 2 } },
  { name: 'with LoRA on k and down', targets: ['k', 'down'], size: { width: 6, batch: 3, rank: 1 } },
  {
    name: 'with LoRA everywhere, and sizes of its own',
    targets: PROJECTIONS,
    size: { width: 6, batch: 3, rank: 2, sizes: { hidden: 7, sequence: 5, heads: 3, vocabulary: 4 } },
  },
];

describe('a transformer block', () => {
  it.each(blocks)('$name has the loss and the gradients of its definition', ({ targets, size }) => {
    const drawn = drawTransformer(spec({ ...size, data: { target: 'noise', inputScale: 1, targetScale: 1 } }));
    const { batch, sequence, width, heads, hidden, vocabulary, rank } = drawn;
    const adapters = Object.fromEntries(
      targets.map((name) => {
        const shape = shapeOf(name, drawn);
        return [name, { a: new Float32Array(rank * shape.inputs), b: new Float32Array(rank * shape.outputs) }];
      }),
    );
    const problem = { ...drawn, adapters };
    const task = transformerTask(problem, variants);
    tidy(() => {
      const x = matrix(problem.inputs, batch * sequence, width);
      const frozen = (name: Projection): Tensor2D => {
        const shape = shapeOf(name, problem);
        return matrix(problem.frozen[name], shape.outputs, shape.inputs);
      };
      const normal = (all: Tensor2D): Tensor2D => {
        const centered = sub(all, mean(all, 1, true));
        return div(centered, sqrt(add(mean(square(centered), 1, true), 1e-5)));
      };
      const split = (all: Tensor): Tensor =>
        transpose(reshape(all, [batch, sequence, heads, width / heads]), [0, 2, 1, 3]);
      const past = linalg.bandPart(tensor2d(new Float32Array(sequence ** 2).fill(1), [sequence, sequence]), -1, 0);
      const mask = mul(sub(past, 1), 1e9);
      check(task, (weights, s) => {
        const layer = (name: Projection, input: Tensor2D): Tensor2D =>
          lora(input, frozen(name), weights[`A${name}`], weights[`B${name}`], s);
        const before = normal(x);
        const [q, k, v] = (['q', 'k', 'v'] as const).map((name) => split(layer(name, before))) as [
          Tensor,
          Tensor,
          Tensor,
        ];
        const scores = div(matMul(q, k, false, true), Math.sqrt(width / heads));
        const looked = transpose(matMul(softmax(add(scores, mask)), v), [0, 2, 1, 3]);
        const middle = add(x, layer('o', reshape(looked, [batch * sequence, width]))) as Tensor2D;
        const end = add(middle, layer('down', tanh(layer('up', normal(middle)))));
        const logits = matMul(normal(end as Tensor2D), matrix(problem.head, vocabulary, width), false, true);
        const tokens = oneHot(tensor([...Array.from(problem.targets)], [batch * sequence], 'int32'), vocabulary);
        return mean(neg(sum(mul(logSoftmax(logits), tokens), 1)));
      });
    });
    expect(hidden).toBe(size?.sizes?.hidden ?? 2 * width);
    task.dispose();
  });
});

it('keeps no tensor', () => {
  const before = memory().numTensors;
  const layer = drawLayer(spec());
  const tasks = [
    doraTask(layer, variants, 'mse'),
    mlpTask(drawMlp(spec()), variants, 'l1'),
    transformerTask(drawTransformer(spec({ width: 4 })), variants),
  ];
  for (const task of tasks) {
    tidy(() => void task.pass(task.start()));
    task.dispose();
  }
  expect(memory().numTensors).toBe(before);
});
