import { expect, it } from 'vitest';
import { sweepSpec } from '../../../../src/experiment/specs/sweep';
import { measuredPlans } from '../../../../src/experiment/words/sizes';
import { variant } from '../support/lab';

it('measures the chosen plan as it is written, and every other plan', () => {
  const spec = {
    ...sweepSpec({ alphas: [4], backend: 'cpu' }).spec,
    variants: [
      variant(),
      variant({ name: 'rescaled', role: 'rescaled' }),
      variant({ name: 'as-written', role: 'as-written' }),
      variant({ name: 'lr-only', role: 'plan' }),
      variant({ name: 'keep-b', role: 'plan' }),
    ],
  };
  const deviations = [0, 0, 1e-6, 0.05, Number.POSITIVE_INFINITY];
  expect(measuredPlans(spec, { deviations }, 'symmetric')).toEqual({
    symmetric: 1e-6,
    'lr-only': 0.05,
    'keep-b': null,
  });
  expect(measuredPlans(spec, { deviations }, null)).toEqual({ 'lr-only': 0.05, 'keep-b': null });
});
