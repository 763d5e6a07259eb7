import { describe, expect, it } from 'vitest';
import { runVerdictWords, verdictOf, type RunOf, type RunRole } from '../../../src/run/verdict';
import { recording, sketches } from '../../support/recording';

const LOSSES = [3, 2.5, 2];

/** A run whose losses and ΔW are so far from the baseline's, relatively; no losses where `loss` is null. */
function run(role: RunRole, loss: number | null = 0, deltaW = 0, k = 1): RunOf {
  const losses = loss === null ? [] : LOSSES.map((one) => one * (1 + loss));
  return { role, k, recording: recording({ losses, sketches: sketches(1 + deltaW) }) };
}

/** Baseline, baseline again, the plan, and alpha alone, which is far off. */
const tried = (k: number, loss: number, deltaW: number, ...more: RunOf[]): RunOf[] => {
  return [run('base'), run('again'), run('plan', loss, deltaW, k), run('alpha-only', 0.5, 3, k), ...more];
};
const noise = (loss: number, deltaW: number): RunOf[] =>
  [0.5, 1, 0.8].map((part) => run('control', part * loss, part * deltaW));
const said = (runs: readonly RunOf[]): string => {
  const verdict = verdictOf(runs);
  return `${verdict.kind}${verdict.reason ? ` (${verdict.reason})` : ''}: ${runVerdictWords(verdict, undefined, 'train.py').headline}`;
};

it.each<[string, RunOf[], string]>([
  ['the same bits', tried(4, 0, 0), 'identical: The same run, to the last bit'],
  ['the same bits at k = 3', tried(3, 0, 0), 'identical: The same run, to the last bit'],
  [
    'rounding, and the bits at k = 4',
    tried(3, 1e-6, 1e-6, run('proof', 0, 0, 4), ...noise(1e-6, 1e-6)),
    'equivalent: The same run, up to rounding',
  ],
  [
    'rounding, and other bits at k = 4',
    tried(3, 1e-6, 1e-6, run('proof', 1e-6, 0, 4), ...noise(1e-6, 1e-6)),
    'undecided (bits-lost): Within the rounding error, but not proven',
  ],
  [
    'other bits at k = 4 itself',
    tried(4, 1e-7, 1e-7, ...noise(1e-6, 1e-6)),
    'undecided (bits-lost): Within the rounding error, but not proven',
  ],
  ['the same losses, another ΔW', tried(4, 0, 0.01, ...noise(1e-6, 1e-6)), 'different: Not the same run'],
  ['losses that leave the rounding error', tried(3, 1e-3, 1e-6, ...noise(1e-6, 1e-6)), 'different: Not the same run'],
  [
    'a difference although the powers are proven',
    tried(3, 1e-3, 0, run('proof', 0, 0, 4), ...noise(1e-6, 1e-6)),
    'undecided (drifts): This run decides nothing',
  ],
  [
    'a proof without clipping',
    tried(4, 1e-6, 1e-6, run('proof-base', 0.1, 0.1), run('proof', 0.1, 0.1, 4), ...noise(1e-6, 1e-6)),
    'equivalent: The same run, up to rounding',
  ],
  [
    'a proof without clipping, and a difference with it',
    tried(4, 1e-3, 0, run('proof-base', 0.1, 0.1), run('proof', 0.1, 0.1, 4), ...noise(1e-6, 1e-6)),
    'different: Not the same run',
  ],
])('%s', (_what, runs, expected) => expect(said(runs)).toBe(expected));

describe('a program that', () => {
  it('does not repeat its own bits proves nothing by them', () => {
    const [base, , ...rest] = tried(4, 1e-6, 1e-6, ...noise(1e-6, 1e-6));
    const runs = [base ?? expect.fail(), run('again', 2e-6, 2e-6), ...rest];
    expect(verdictOf(runs)).toMatchObject({ kind: 'undecided', reason: 'nearly', repeats: false });
    expect(runVerdictWords(verdictOf(runs), undefined, 'train.py').detail).toContain('does not repeat its own bits');
  });

  it('trains nothing decides nothing', () => {
    const still = {
      ...recording(),
      sketches: sketches(0).map((one) => ({ ...one, modules: { m: { norm: 0, values: [0], sha: 'x' } } })),
    };
    const runs = (['base', 'again', 'plan'] as const).map((role) => ({ role, k: 1, recording: still }));
    expect(verdictOf(runs)).toMatchObject({ kind: 'undecided', reason: 'still' });
  });

  it('diverges decides nothing', () => {
    const runs = (['base', 'again', 'plan'] as const).map((role) => ({
      role,
      k: 4,
      recording: recording({ losses: [3, NaN, NaN] }),
    }));
    expect(verdictOf(runs)).toMatchObject({ kind: 'undecided', reason: 'nan' });
  });

  it('shows no losses is judged by its weights', () => {
    const of = (deltaW: number): string =>
      said(
        (['base', 'again', 'plan', 'alpha-only'] as const).map((role) =>
          run(role, null, role === 'plan' ? deltaW : role === 'alpha-only' ? 3 : 0, 4),
        ),
      );
    const alike = (['base', 'again', 'plan', 'alpha-only'] as const).map((role) => run(role, null, 0, 4));
    expect(said(alike)).toContain('undecided (alpha-too)');
    expect([of(0), of(0.1)]).toEqual(['identical: The same run, to the last bit', 'different: Not the same run']);
  });

  it('ends early in the plan is another run', () => {
    const runs = tried(4, 0, 0);
    const short = { ...recording(), losses: LOSSES.slice(0, 2) };
    expect(verdictOf(runs.map((one) => (one.role === 'plan' ? { ...one, recording: short } : one))).kind).toBe(
      'different',
    );
  });
});

it('names the module and the step where a run leaves', () => {
  const runs = tried(4, 1e-2, 0.01, ...noise(1e-6, 1e-6));
  const { detail, evidence, aside } = runVerdictWords(verdictOf(runs), undefined, 'train.py');
  expect(detail).toBe('The difference starts at step 1. ΔW differs in q_proj.default.');
  expect(evidence).toContain('the losses differ by 1 %');
  expect(aside).toMatch(/^Alpha alone: /);
});
