import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawLayer, outputs } from '../../../../src/experiment/draw/mlp';
import { linearTask, residualOf } from '../../../../src/experiment/tasks/regression';
import { spec, variant } from '../support/lab';

beforeAll(async () => {
  await setBackend('cpu');
});

/** The loss in float64, straight from its definition. `weights`: A [rank, width], then Bᵀ [rank, width]. */
function lossOf(
  {
    batch,
    width,
    rank,
    inputs,
    residual,
  }: Record<'batch' | 'width' | 'rank', number> & Record<'inputs' | 'residual', Float32Array>,
  weights: readonly number[],
  s: number,
  l1: boolean,
): number {
  const at = (values: ArrayLike<number>, index: number): number => values[index] ?? Number.NaN;
  let total = 0;
  for (let m = 0; m < batch; m++) {
    for (let out = 0; out < width; out++) {
      let error = at(residual, m * width + out);
      for (let j = 0; j < rank; j++) {
        let h = 0;
        for (let i = 0; i < width; i++) h += at(inputs, m * width + i) * at(weights, j * width + i);
        error += s * h * at(weights, (rank + j) * width + out);
      }
      total += l1 ? Math.abs(error) : error ** 2;
    }
  }
  return total / (batch * width);
}

// Small enough for batched products, and large enough for single ones.
const sizes = [
  { width: 5, batch: 7, rank: 3 },
  { width: 64, batch: 72, rank: 9 },
];

/** Elements of the gradient that are compared with differences of the loss; half of them are A's. */
const PROBES = 12;

describe.each(sizes)('a layer $width wide, rank $rank', (size) => {
  it.each(['mse', 'l1'] as const)('has the loss and the gradient of its definition under %s', (loss) => {
    const data = { target: 'noise', inputScale: 1, targetScale: 1 } as const;
    const drawn = drawLayer(spec({ ...size, data }));
    const [draw] = drawn.draws;
    if (!draw) throw new Error('no draw');
    const problem = { ...size, inputs: draw.inputs, residual: residualOf(drawn.layers[0], draw) };
    const scalings = [0.5, 3];
    const variants = scalings.map((scaling, i) => variant({ name: `v${i}`, scaling }));
    const count = 2 * size.rank * size.width;
    // B away from zero, so that both gradients are something.
    const weights = Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i * i + 1) / 4));
    const half = count / 2;
    const [a, b] = [weights.slice(0, half), weights.slice(half)];
    const task = linearTask(drawn, variants, loss);
    const stacked = tensor([...a, ...a, ...b, ...b], [2, 2, size.rank, size.width], 'float32');
    const pass = tidy((): [Tensor, Tensor] => {
      const { loss: value, gradients } = task.pass([stacked], 1);
      return [value, gradients[0] ?? value];
    });
    const [losses, gradient] = pass.map((result) => result.dataSync()) as [Float32Array, Float32Array];

    scalings.forEach((s, v) => {
      const l1 = loss === 'l1';
      expect(losses[v]).toBeCloseTo(lossOf(problem, weights, s, l1), 5);
      for (let i = 0; i < count; i += Math.ceil(count / PROBES)) {
        const h = 1e-5;
        const moved = (by: number): number => lossOf(problem, weights.with(i, (weights[i] ?? 0) + by), s, l1);
        const expected = (moved(h) - moved(-h)) / (2 * h);
        const [factor, element] = i < half ? [0, i] : [1, i - half];
        expect(gradient[(factor * 2 + v) * half + element]).toBeCloseTo(expected, 4);
      }
    });
    task.dispose();
  });

  it('takes the slope of |e| at 0 for 0', () => {
    const drawn = drawLayer(spec(size));
    const draws = drawn.draws.map((draw) => ({
      ...draw,
      targets: outputs(draw.inputs, drawn.layers[0].frozen, size.batch, size.width),
    }));
    const problem = { ...drawn, draws };
    const task = linearTask(problem, [variant()], 'l1');
    const gradient = tidy(() => task.pass(task.start(), 1).gradients[0] ?? tensor([]));
    expect([...gradient.dataSync()].every((slope) => slope === 0)).toBe(true);
    task.dispose();
  });
});
