import { describe, expect, it } from 'vitest';
import type { ExperimentSpec } from '../../../../../src/experiment/spec';
import type { Verdict } from '../../../../../src/experiment/verdict/verdict';
import { pairWords } from '../../../../../src/experiment/words/pair-words';
import { toyFor } from '../../../../../src/experiment/toy/toy';
import { rowOf } from '../../../../../src/experiment/specs/spec-for';
import { recipeWith } from '../../../../support/recipe';
import { variant } from '../../support/lab';
import { verdictOf } from '../../support/verdict';

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
      evidence: 'The loss differs by up to 3e-7; rounding error alone: 1e-7.',
    });
  });

  it('says that equal numbers prove nothing', () => {
    const equal = { ...SPEC, variants: SPEC.variants.map((each) => ({ ...each, scaling: 2 })) };
    expect(pairWords(equal, VERDICT, PAIR).detail).toBe('Both files give the same numbers, so the runs cannot differ.');
  });

  it('says from where they differ, and what is not trained', () => {
    const different: Verdict = { ...VERDICT, kind: 'different', deviations: [0, 0.5], firstStep: 2 };
    expect(pairWords(SPEC, different, { ...PAIR, untrained: 'Not trained here: scheduler.' })).toEqual({
      headline: 'They train differently',
      evidence: 'The loss differs by up to 50 %; rounding error alone: 1e-7. It starts at step 2.',
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
