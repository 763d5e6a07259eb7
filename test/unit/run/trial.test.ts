import { describe, expect, it } from 'vitest';
import { readResults } from '../../../src/export/results';
import type { Recording } from '../../../src/run/recording';
import { resultsOf } from '../../../src/run/results-of-trial';
import { TrialError, tryPlan, type Attempt, type RunProgram } from '../../../src/run/trial';
import { recording, sketches } from '../../support/recording';

/** A program whose losses are `far` from the baseline's in the runs of that name. */
function program(far: Readonly<Record<string, number>>, more: Partial<Recording> = {}) {
  const attempts: Attempt[] = [];
  const run: RunProgram = (attempt) => {
    attempts.push(attempt);
    const apart = far[attempt.name] ?? 0;
    const losses = [3, 2.5, 2].map((loss) => loss * (1 + apart));
    const made = recording({ losses, sketches: sketches(1 + apart), ...more });
    return Promise.resolve({ text: JSON.stringify(made), recording: made });
  };
  return { run, names: () => attempts.map(({ name }) => name), attempts };
}

describe('tryPlan', () => {
  it.each<[string, number, Record<string, number>, string, string[]]>([
    ['the same bits need no controls', 4, { 'alpha-only': 1 }, 'identical', []],
    [
      'rounding is measured by controls, and proven at a power of four',
      3,
      { 'alpha-only': 1, plan: 1e-7, 'control-1': 2e-7, 'control-2': 1e-7, 'control-3': 1e-7 },
      'equivalent',
      ['proof', 'control-1', 'control-2', 'control-3'],
    ],
  ])('%s', async (_what, k, far, kind, more) => {
    const { run, names, attempts } = program(far);
    const trial = await tryPlan(run, () => k, undefined);
    expect(names()).toEqual(['base', 'again', 'plan', 'alpha-only', ...more]);
    expect(attempts.map(({ plan }) => plan?.k ?? 1).slice(0, 4)).toEqual([1, 1, k, k]);
    expect(trial.verdict.kind).toBe(kind);
    const findings = ['one', 'The recording differs from this file: one'].map((message) => {
      return { code: 'run-differs', severity: 'warning', message, line: 3, range: null } as const;
    });
    const subject = { config: 'train.py', trainer: 'PEFT', alpha: [16, 16 * k], findings } as const;
    const shown = readResults(JSON.stringify(resultsOf(trial, subject)), 'results.json');
    expect(shown).toMatchObject({ verdict: kind, remarks: [{ message: 'one', line: 3 }], check: { k } });
  });

  it.each<[string, number, Partial<Recording>, RegExp]>([
    ['the alpha that the run has', 1, {}, /has this alpha already/],
    ['a run without a step', 4, { steps: 0, modules: [], ended: 'no-step', reason: 'none' }, /^the baseline: /],
  ])('stops at %s', async (_what, k, more, why) => {
    const trial = tryPlan(program({}, more).run, () => k, undefined);
    await expect(trial).rejects.toThrow(TrialError);
    await expect(trial).rejects.toThrow(why);
  });
});
