import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adapterMatrices, layoutOf } from '../../../../src/experiment/tasks/task';
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
const layout = layoutOf([
  ...adapterMatrices('1', 2, [adapter(3, 4)], variants),
  ...adapterMatrices('2', 2, [adapter(4, 3)], variants),
]);

describe('layoutOf', () => {
  it('puts matrices of one shape into one block', () => {
    expect(layout.blocks.map(({ columns, parameters }) => [columns, parameters.map(({ name }) => name)])).toEqual([
      [3, ['A1', 'B2']],
      [4, ['B1', 'A2']],
    ]);
  });

  it('starts every variant from its own numbers, B transposed', () => {
    tidy(() => {
      const weights = layout.start();
      const read = (name: string): number[][][] => layout.read(weights, name).arraySync();
      expect(read('A1')).toEqual([
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        [
          [2, 4, 6],
          [8, 10, 12],
        ],
      ]);
      expect(read('B2')[1]).toEqual([
        [-3, -9, -15],
        [-6, -12, -18],
      ]);
    });
  });

  it('puts gradients where the weights are', () => {
    tidy(() => {
      const weights = layout.start();
      const names = ['A2', 'B1', 'B2', 'A1'];
      const named = Object.fromEntries(names.map((name) => [name, layout.read(weights, name)]));
      layout.write(named).forEach((block, i) => expect(block.arraySync()).toEqual(weights[i]?.arraySync()));
      expect(() => layout.read(weights, 'Aq')).toThrow('a task has no weights Aq');
      expect(() => layout.write({ A1: tensor([]) })).toThrow('a pass gives no gradient of B2');
    });
  });
});
