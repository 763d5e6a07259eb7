import { expect, it, describe } from 'vitest';
import { sweepSpec } from '../../../../src/experiment/specs/sweep';
import { measuredPlans, deviationLabel, sizeWords } from '../../../../src/experiment/words/sizes';
import { variant } from '../support/lab';
import type { ExperimentSpec } from '../../../../src/experiment/spec';
import type { Verdict } from '../../../../src/experiment/verdict/verdict';
import { pairWords } from '../../../../src/experiment/words/pair-words';
import { toyFor } from '../../../../src/experiment/toy/toy';
import { rowOf } from '../../../../src/experiment/specs/spec-for';
import { recipeWith } from '../../../support/recipe';
import { verdictOf } from '../support/verdict';

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

describe('deviationLabel', () => {
  it.each([
    [0, '0'],
    [3.14e-7, '3.1e-5 %'],
    [0.000999, '0.1 %'],
    [0.0042, '0.42 %'],
    [0.54, '54 %'],
    [1.152, '120 %'],
    [250, '250×'],
    [Infinity, 'infinite'],
  ])('%d → %s', (value, label) => {
    expect(deviationLabel(value)).toBe(label);
  });
});

describe('sizeWords', () => {
  it.each([
    [0, 'no bit'],
    [2.11e-7, '2.1e-5 %'],
    [0.0031, '0.31 %'],
    [250, 'a factor of 250'],
    [Infinity, 'more than any number'],
  ])('%d → %s', (size, words) => {
    expect(sizeWords(size)).toBe(words);
  });
});

const PAIR = { names: { first: 'a.yml', second: 'b.yml' }, untrained: '', differs: '', notUnderstood: null };
const recipe = recipeWith();
const SPEC: ExperimentSpec = {
  ...toyFor(recipe, rowOf(recipe), { backend: 'wasm', steps: 100 }),
  variants: [variant(), variant({ name: 'rescaled', role: 'rescaled', scaling: 8 })],
};
const VERDICT: Verdict = { ...verdictOf('identical'), deviations: [0, 0], envelope: 1e-7 };

describe('pairWords', () => {
  it('says that both train alike, and by what evidence', () => {
    expect(pairWords(SPEC, VERDICT, PAIR)).toMatchObject({
      headline: 'Both train alike, to the last bit',
      evidence: 'Every loss of 100 steps has the same bits.',
    });
    const equivalent: Verdict = { ...VERDICT, kind: 'equivalent', deviations: [0, 3e-7] };
    expect(pairWords(SPEC, equivalent, PAIR)).toMatchObject({
      headline: 'Both train alike, up to rounding',
      evidence: 'The loss differs by up to 3e-5 %; rounding error alone: 1e-5 %.',
    });
  });

  it('says that equal numbers prove nothing', () => {
    const equal = { ...SPEC, variants: SPEC.variants.map((each) => ({ ...each, scaling: 2 })) };
    expect(pairWords(equal, VERDICT, PAIR).detail).toBe('Both files give the same numbers, so the runs cannot differ.');
  });

  it('says from where they differ, and what is not trained', () => {
    const different: Verdict = { ...VERDICT, kind: 'different', deviations: [0, 0.5], firstStep: 2 };
    expect(pairWords(SPEC, different, { ...PAIR, untrained: 'Not trained here: scheduler.' })).toMatchObject({
      headline: 'They train differently',
      evidence: 'The loss differs by up to 50 %; rounding error alone: 1e-5 %. It starts at step 2.',
      detail: '',
      aside: 'Not trained here: scheduler.',
    });
    const broken: Verdict = { ...different, broken: { what: 'nan', step: 7 } };
    expect(pairWords(SPEC, broken, PAIR).aside).toBe('The loss of b.yml is NaN from step 7 on.');
  });

  it.each([
    ['nearly', 'Both train alike, nearly the same run'],
    ['not-exact', 'Alike here, though the files differ'],
    ['departs', 'Alike here, though the files differ'],
    ['not-understood', 'Both train alike for what was read'],
  ] as const)('claims no more than the files allow: %s', (reason, headline) => {
    const verdict = { ...VERDICT, kind: 'undecided', reason } as const;
    expect(pairWords(SPEC, verdict, { ...PAIR, differs: 'What differs: eps of B.', notUnderstood: 'Line 3.' })).toEqual(
      {
        headline,
        evidence: 'Every loss of 100 steps has the same bits.',
        detail: '',
        aside: 'What differs: eps of B. Line 3.',
      },
    );
  });

  it('says what helps where the run decides nothing', () => {
    const still = { ...VERDICT, kind: 'undecided', reason: 'still' } as const;
    expect(pairWords(SPEC, still, PAIR)).toMatchObject({ headline: 'This run decides nothing', evidence: '' });
  });
});
