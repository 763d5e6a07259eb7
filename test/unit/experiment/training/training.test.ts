import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor, tidy, memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { clipByNorm, clipByValue, numbersOfBlock } from '../../../../src/experiment/training/hyper-tensors';
import { cpu } from '../../../../src/experiment/backends/cpu';
import type { RateSchedule } from '../../../../src/experiment/spec';
import type { WeightBlock } from '../../../../src/experiment/tasks/task';
import { variant } from '../support/lab';
import { rateAt } from '../../../../src/experiment/training/schedule';

beforeAll(async () => {
  await setBackend('cpu');
});

// Three variants with one number in A and one in B: norms 5, 5 and 0.5.
const gradient = [3, 3, 0.3, 4, 4, 0.4];
const clipped = (thresholds: (number | null)[], eps = 0): number[] => [
  ...tidy(() => clipByNorm([tensor(gradient, [2, 3, 1, 1])], thresholds, eps)[0] ?? tensor([])).dataSync(),
];

describe('clipByValue', () => {
  const bounded = (values: number[], thresholds: (number | null)[]): number[] => [
    ...tidy(() => clipByValue([tensor(values, [2, 3, 1, 1])], thresholds)[0] ?? tensor([])).dataSync(),
  ];

  it('keeps each element within its variant’s own threshold', () => {
    const values = [3, 3, -0.25, -4, -4, 0.5];
    expect(bounded(values, [2, null, 0.25])).toEqual([2, 3, -0.25, -2, -4, 0.25]);
    expect(bounded(values, [null, null, null])).toEqual(values);
  });
});

describe('clipByNorm', () => {
  it('clips each variant by its own norm over A and B, and leaves what is short enough', () => {
    [0.6, 3, 0.3, 0.8, 4, 0.4].forEach((value, i) => expect(clipped([1, null, 1])[i]).toBeCloseTo(value, 6));
  });
  it('touches nothing without a threshold', () => {
    expect(clipped([null, null, null])).toEqual(gradient.map(Math.fround));
  });
  it('adds its eps to the norm, as torch does', () => {
    expect(clipped([1, 1, 1], 5)[0]).toBeCloseTo(3 / 10, 6);
  });
});

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

const rates = (kind: 'constant' | 'linear' | 'cosine', warmupSteps: number, steps: number): number[] =>
  Array.from({ length: steps }, (_, i) => Number(rateAt({ kind, warmupSteps }, i + 1, steps).toFixed(4)));

describe('rateAt', () => {
  it('climbs, then stays', () => expect(rates('constant', 2, 5)).toEqual([0.5, 1, 1, 1, 1]));
  it('climbs, then falls along a line', () => expect(rates('linear', 2, 6)).toEqual([0.5, 1, 0.75, 0.5, 0.25, 0]));
  it('falls along half a cosine', () => expect(rates('cosine', 0, 4)).toEqual([0.8536, 0.5, 0.1464, 0]));
  it('is a number for a warm-up as long as the run', () => expect(rates('linear', 3, 3)).toEqual([0.3333, 0.6667, 1]));
});
