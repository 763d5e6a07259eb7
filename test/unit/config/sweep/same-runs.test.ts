import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameRuns } from '../../../../src/config/sweep/same-runs';
import { optimizerRow } from '../../../../src/recipe/optimizers/optimizers';
import type { OptimizerRow } from '../../../../src/recipe/optimizers/optimizer-row';
import { readConfig } from '../../../../src/config/read';
import { planConfig } from '../../../../src/config/planned';

const row = (id: string): OptimizerRow => {
  const found = optimizerRow(id);
  if (!found) throw new Error(`no row ${id}`);
  return found;
};

describe('sameRuns', () => {
  it('takes the root of alpha under Adam, and alpha itself under SGD', () => {
    expect(sameRuns([16, 64], [1e-4, 2e-4, 4e-4], row('adamw')).filter((group) => group.length > 1)).toEqual([
      [
        { alpha: 16, learningRate: 2e-4 },
        { alpha: 64, learningRate: 1e-4 },
      ],
      [
        { alpha: 16, learningRate: 4e-4 },
        { alpha: 64, learningRate: 2e-4 },
      ],
    ]);
    expect(sameRuns([16, 64], [1e-4, 4e-4], row('sgd')).filter((group) => group.length > 1)).toEqual([
      [
        { alpha: 16, learningRate: 4e-4 },
        { alpha: 64, learningRate: 1e-4 },
      ],
    ]);
  });

  it('puts every combination into one group', () => {
    const positive = fc.uniqueArray(fc.integer({ min: 1, max: 256 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(positive, positive, fc.constantFrom('adamw', 'sgd', 'lion'), (alphas, rates, id) => {
        const groups = sameRuns(
          alphas,
          rates.map((rate) => rate * 1e-5),
          row(id),
        );
        expect(groups.flat()).toHaveLength(alphas.length * rates.length);
        for (const group of groups) expect(new Set(group.map(({ alpha }) => alpha)).size).toBe(group.length);
      }),
    );
  });

  it.each(['adamw', 'sgd', 'lion'])('agrees with the symmetric plan of %s', (id) => {
    const name = { adamw: 'torch.optim.AdamW', sgd: 'torch.optim.SGD', lion: 'bitsandbytes.optim.Lion' }[id] ?? '';
    const text = `model:\n  _component_: torchtune.models.llama3.lora_llama3_8b\n  lora_rank: 8\n  lora_alpha: 16\noptimizer:\n  _component_: ${name}\n  lr: 4.0e-4\n`;
    const { plans } = planConfig(text, readConfig(text, 'a.yaml'), 0, 64);
    const rate = plans
      .find((plan) => plan.id === 'symmetric')
      ?.rows.find(({ field }) => field === 'learningRate')?.written;
    expect(sameRuns([16, 64], [4e-4, rate ?? 0], row(id))).toContainEqual([
      { alpha: 16, learningRate: 4e-4 },
      { alpha: 64, learningRate: rate },
    ]);
  });
});
