import { describe, expect, it } from 'vitest';
import { run, spec, variant } from '../support/lab';

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
