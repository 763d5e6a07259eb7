import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { cpu } from '../../../../src/experiment/backends/cpu';
import { numbersOfBlock } from '../../../../src/experiment/training/hyper-tensors';
import type { RateSchedule } from '../../../../src/experiment/spec';
import type { WeightBlock } from '../../../../src/experiment/tasks/task';
import { variant } from '../support/lab';

beforeAll(async () => {
  await setBackend(cpu.id);
});

const block: WeightBlock = {
  rows: 2,
  columns: 3,
  parameters: [
    { name: 'A', layer: '', factor: 'A', transposed: false },
    { name: 'B', layer: '', factor: 'B', transposed: true },
  ],
};
const hyper = (lr: number, early?: readonly number[]) => ({
  lr,
  weightDecay: 0.5,
  constants: {},
  ...(early ? { early } : {}),
});
const variants = [variant({ a: hyper(1), b: hyper(2, [3]) }), variant({ a: hyper(4), b: hyper(8) })];
const CONSTANT: RateSchedule = { kind: 'constant', warmupSteps: 0 };

describe('the numbers of a block', () => {
  it('are computed from each factor of each variant, with the rate of the step', () => {
    const numbers = numbersOfBlock({ variants, schedule: { kind: 'linear', warmupSteps: 0 }, steps: 4 }, block);
    const rates = (step: number): number[] => [
      ...numbers
        .at(step)(({ lr }) => lr)
        .dataSync(),
    ];
    expect(rates(1)).toEqual([0.75, 3, 4.5, 6]);
    expect(rates(2)).toEqual([0.5, 2, 1, 4]);
    expect([
      ...numbers
        .at(2)((_, { baseLr }) => baseLr)
        .dataSync(),
    ]).toEqual([1, 4, 2, 8]);
    expect(numbers.at(1)(({ lr }) => lr).shape).toEqual([2, 2, 1, 1]);
    numbers.dispose();
  });

  it('are uploaded again only when they have changed, and freed at the end', () => {
    const before = memory().numTensors;
    const numbers = numbersOfBlock({ variants, schedule: CONSTANT, steps: 9 }, block);
    const ask = (step: number) => {
      const each = numbers.at(step);
      return [each(({ lr }) => lr), each(({ weightDecay }) => weightDecay * step)] as const;
    };
    const [second, third, fourth] = [ask(2), ask(3), ask(4)];
    expect(third[0]).toBe(second[0]);
    expect(fourth[0]).toBe(second[0]);
    expect(third[1]).not.toBe(second[1]);
    expect(second[1].isDisposed).toBe(true);
    expect([...fourth[1].dataSync()]).toEqual([2, 2, 2, 2]);
    expect(numbers.owns(fourth[1])).toBe(true);
    expect(numbers.owns(second[1])).toBe(false);
    numbers.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
