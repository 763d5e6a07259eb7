import { describe, expect, test } from 'vitest';
import { verdictWordsOf } from '../../../../src/webview/runs/verdict-box-words';
import { stateOf, STATES } from '../../../webview-preview/states';

const wordsOf = (name: keyof typeof STATES): ReturnType<typeof verdictWordsOf> =>
  verdictWordsOf(stateOf(name).view, stateOf(name).losses[0]?.length ?? 0);

describe('every state has words', () => {
  test.each([
    ['before-first-run', 'none', 'Not checked yet', 'at alpha 16 and 48'],
    ['running', 'running', 'Training side by side', ''],
    ['stopped', 'none', 'Stopped', 'After 57 of 200 steps'],
    ['identical', 'identical', 'The same run, to the last bit', 'Every loss'],
    ['equivalent', 'equivalent', 'The same run, up to rounding', '0.002 %'],
    ['nearly', 'nearly', 'The same run here, though the plan is not exact', 'eps of B stays'],
    ['different', 'different', 'Not the same run', 'up to 4.9 %'],
    ['undecided', 'undecided', 'This run cannot tell', 'hardly move'],
    ['failed', 'failed', 'The run failed', 'The training worker ended'],
    ['refusal', 'none', 'Nothing to check', 'no change'],
    ['applied', 'none', 'Nothing to change', 'Alpha is 48 already'],
    ['not-understood', 'undecided', 'Exact for what was read. Not understood: line 31', 'every loss'],
    ['nothing-to-change', 'none', 'Nothing to change', 'Alpha is 16 already'],
  ] as const)('%s', (state, kind, headline, line) => {
    const words = wordsOf(state);
    expect(words).toMatchObject({ kind, stale: false });
    expect(words.headline).toContain(headline);
    expect(words.line).toContain(line);
  });

  test('evidence leaves how it was judged to a disclosure, and a reason stays in sight', () => {
    expect(wordsOf('equivalent').detail).toContain('At k = 4');
    expect(wordsOf('undecided').detail).toBe('');
  });

  test('a verdict on an earlier state says so', () => {
    expect(wordsOf('stale')).toMatchObject({ kind: 'equivalent', stale: true });
  });

  test('before the first run it says that there is no rule, where there is none', () => {
    const { view } = stateOf('before-first-run');
    const words = { title: 't', summary: 's', says: 'approximate', measured: null, needsCode: false };
    const caveats = [{ code: 'no-rule', message: 'because' }];
    const plans = [{ ...words, id: 'lr-only', exactness: 'approximate', caveats } as const];
    const { line } = verdictWordsOf({ ...view, plans, plan: 'lr-only' }, 0);
    expect(line).toMatch(/No rule is known for this optimizer/);
  });

  test('a failure without a reason still says something', () => {
    const { view } = stateOf('failed');
    const words = verdictWordsOf({ ...view, run: { ...view.run, error: null } }, 0);
    expect(words.line).toBe('The worker gave no reason.');
  });
});

test('every state of the preview fits the panel’s schema', () => {
  for (const name of Object.keys(STATES)) expect(() => stateOf(name)).not.toThrow();
});
