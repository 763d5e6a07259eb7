import { describe, expect, it } from 'vitest';
import { plansFor } from '../../../../src/recipe/plans/plans';
import type { Field, TrainerSupport, Plan } from '../../../../src/recipe/plans/plan';
import { everyKnob, recipeWith } from '../../../support/recipe';

const support: TrainerSupport = { settable: new Set<Field>([...everyKnob.settable, 'd0']) };

function planUnder(row: string, useDora: boolean, weightDecay = 0): Plan {
  const optimizer = { ...recipeWith().optimizer, name: row, row, weightDecay };
  const { plans } = plansFor(recipeWith({ useDora, maxGradNorm: 0, optimizer }), 64, support);
  const found = plans.find(({ id }) => id === 'symmetric');
  if (!found) throw new Error(`no symmetric plan under ${row}`);
  return found;
}
const codes = ({ caveats }: Plan): string[] => caveats.map(({ code }) => code);

describe('DoRA’s magnitudes where the rate stays', () => {
  it.each(['prodigy', 'dadapt-adam', 'dadapt-sgd'])('have a part in the guess of %s', (row) => {
    expect(planUnder(row, false).exactness).toBe('exact');
    expect(planUnder(row, true).exactness).toBe('approximate');
    expect(codes(planUnder(row, true))).toContain('dora-shared-distance');
  });

  it('share the decay of Adafactor', () => {
    expect(codes(planUnder('adafactor-hf-scale', true, 0.1))).toContain('dora-magnitudes-decay');
    expect(codes(planUnder('adafactor-hf-scale', true))).not.toContain('dora-magnitudes-decay');
    expect(codes(planUnder('adafactor-hf-scale', false, 0.1))).not.toContain('dora-magnitudes-decay');
  });
});
