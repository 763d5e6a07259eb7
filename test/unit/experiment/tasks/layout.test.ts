import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adapterMatrices, taskOf, type Read } from '../../../../src/experiment/tasks/task';
import { variant } from '../support/lab';

beforeAll(async () => {
  await setBackend('cpu');
});

const variants = [variant(), variant({ name: 'other', init: { A: 2, B: 3 } })];
const adapter = (inputs: number, outputs: number) => ({
  a: Float32Array.from({ length: 2 * inputs }, (_, i) => i + 1),
  b: Float32Array.from({ length: 2 * outputs }, (_, i) => -i - 1),
});
// A is 2 × 3 and the transposed B 2 × 4; in the second layer the other way round.
const matrices = [
  ...adapterMatrices('1', 2, [adapter(3, 4)], variants),
  ...adapterMatrices('2', 2, [adapter(4, 3)], variants),
];
/** A task whose gradients are what `named` makes of its weights. */
const taskWith = (named: (read: Read) => Record<string, Tensor>) =>
  taskOf(
    matrices,
    (read) => ({ loss: tensor([]), gradients: named(read) }),
    () => undefined,
  );

describe('taskOf', () => {
  it('puts matrices of one shape into one block', () => {
    const { blocks } = taskWith(() => ({}));
    expect(blocks.map(({ columns, parameters }) => [columns, parameters.map(({ name }) => name)])).toEqual([
      [3, ['A1', 'B2']],
      [4, ['B1', 'A2']],
    ]);
  });

  it('starts every variant from its own numbers, B transposed, and puts gradients where the weights are', () => {
    tidy(() => {
      const seen: Record<string, number[][][]> = {};
      const task = taskWith((read) =>
        Object.fromEntries(
          ['A2', 'B1', 'B2', 'A1'].map((name) => {
            seen[name] = read(name).arraySync();
            return [name, read(name)];
          }),
        ),
      );
      const weights = task.start();
      task.pass(weights, 1).gradients.forEach((block, i) => expect(block.arraySync()).toEqual(weights[i]?.arraySync()));
      expect(seen['A1']?.map((each) => each.flat())).toEqual([
        [1, 2, 3, 4, 5, 6],
        [2, 4, 6, 8, 10, 12],
      ]);
      expect(seen['B2']?.[1]?.flat()).toEqual([-3, -9, -15, -6, -12, -18]);
    });
  });

  it('says which weights or gradients there are not', () => {
    tidy(() => {
      const unknown = taskWith((read) => ({ A1: read('Aq') }));
      expect(() => unknown.pass(unknown.start(), 1)).toThrow('a task has no weights Aq');
      const few = taskWith((read) => ({ A1: read('A1') }));
      expect(() => few.pass(few.start(), 1)).toThrow('a pass gives no gradient of B2');
    });
  });
});
