import { memory } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type ExperimentSpec, experimentSpec } from '../../../../src/experiment/spec';
import { run, spec, variant } from '../support/lab';

const tasks: Partial<ExperimentSpec>[] = [
  { task: 'linear', loss: 'l1' },
  { task: 'linear', useDora: true, loss: 'mse' },
  { task: 'mlp', loss: 'mse', sizes: { hidden: 9 } },
  { task: 'mlp', loss: 'l1' },
  { task: 'transformer', loss: 'ce', width: 6, batch: 3, sizes: { hidden: 7, sequence: 5, heads: 3, vocabulary: 6 } },
];
const settings = { row: 'adamw', betas: [0.9, 0.99] as const, momentum: 0, nesterov: false, options: {} };
const hyper = { lr: 0.02, weightDecay: 0.01, constants: { eps: 1e-8 } };
const base = variant({ a: hyper, b: hyper, m: hyper });

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  it.each(tasks)('$task $loss (DoRA: $useDora) learns, and keeps no tensor', async (fields) => {
    const alone = { ...base, name: 'alone', role: 'alpha-only' as const, scaling: 32 };
    const long = spec({ ...fields, backend, steps: 40, optimizer: settings, variants: [base, alone] });
    expect(v.parse(experimentSpec, long)).toEqual(long);
    await run({ ...long, steps: 1 });
    const before = memory().numTensors;
    const { losses } = await run(long);
    expect(memory().numTensors).toBe(before);
    const [first = [], other = []] = losses;
    expect(first.at(-1)).toBeLessThan(0.95 * (first[0] ?? 0));
    expect(Math.abs((other.at(-1) ?? 0) / (first.at(-1) ?? 0) - 1)).toBeGreaterThan(1e-3);
  });
});

describe('what a task cannot have', () => {
  it.each<[Partial<ExperimentSpec>, string]>([
    [{ task: 'transformer', width: 4 }, 'the task transformer names tokens: its loss is ce, not mse'],
    [{ task: 'mlp', loss: 'ce' }, 'the task mlp has numbers for targets: its loss is l1 or mse, not ce'],
    [{ task: 'transformer', loss: 'ce', width: 5 }, 'a width of 5 cannot be shared by 2 heads'],
    [{ variants: [variant({ draw: 1 })] }, 'the variant base trains on draw 1, and there is one seed'],
  ])('%o', async (fields, message) => {
    await expect(run(spec(fields))).rejects.toThrow(message);
  });
});

describe('the units of a task', () => {
  const data = { target: 'map', inputScale: 1, targetScale: 0.5 } as const;

  it('make a scaling larger as the inputs get larger, for every task', async () => {
    for (const fields of [
      { task: 'mlp', loss: 'mse' } as const,
      { task: 'transformer', loss: 'ce', width: 8 } as const,
    ]) {
      const counted = await run(spec({ ...fields, data: { ...data, inputUnit: 8 } }));
      const scaled = await run(spec({ ...fields, data, variants: [variant({ scaling: 16 })] }));
      expect(counted.losses).toEqual(scaled.losses);
      expect(counted.losses[0]?.at(-1)).not.toBe(counted.losses[0]?.[0]);
    }
  });

  it('make gradients larger as the loss gets larger, and leave the loss that is told alone', async () => {
    const at = (lr: number) => ({ a: { lr, weightDecay: 0, constants: {} }, b: { lr, weightDecay: 0, constants: {} } });
    const counted = await run(spec({ data: { ...data, lossUnit: 4 }, variants: [variant(at(0.01))] }));
    const faster = await run(spec({ data, variants: [variant(at(0.04))] }));
    expect(counted.losses).toEqual(faster.losses);
  });
});
