import { describe, expect, it } from 'vitest';
import { asStep, counted } from '../../pytorch/counts.mjs';
import { page } from '../../pytorch/page.mjs';

const claim = (says: string, isTrue: boolean): object => ({
  ...{ plan: 'symmetric', k: 4, says, happened: isTrue ? 'the same bits' : 'loss 1e-2, ΔW 3e-1' },
  ...{ is_exact: isTrue, is_true: isTrue, is_false: ['exact', 'nearly'].includes(says) && !isTrue },
});

const outcome = (cell: string, claims: object[], more: object = {}): object => ({
  ...{ cell, note: '', claims, faults: [], skipped: null, refusal: null, failed: false },
  ...more,
});

const OUTCOMES = [
  outcome('right', [claim('exact', true), claim('approximate', true)]),
  outcome('wrong', [claim('exact', false)], { failed: true }),
  outcome('silent', [], { failed: true, faults: ['symmetric is not said to be exact'] }),
  outcome('not here', [], { skipped: 'not installed: schedulefree' }),
];

describe('what the suite of the real libraries comes to', () => {
  it('counts claims by whether they are true', () => {
    const counts = Object.fromEntries(Object.entries(counted(OUTCOMES)).map(([what, { length }]) => [what, length]));
    expect(counts).toMatchObject({
      'cells passed': 1,
      'cells failed': 2,
      'cells skipped': 1,
      'runs called exact, and so': 1,
      'runs called exact or nearly, and false': 1,
      'runs called less than exact that were exact': 1,
    });
  });

  it('is a step of npm test, a test a cell, with the reason of each that failed or was skipped', () => {
    expect(asStep(OUTCOMES)).toEqual({
      passed: 1,
      failed: 2,
      troubles: [
        { name: 'wrong', why: 'k = 4, symmetric is called exact: loss 1e-2, ΔW 3e-1', again: false },
        { name: 'silent', why: 'symmetric is not said to be exact', again: false },
      ],
      skipped: [{ name: 'not here', why: 'not installed: schedulefree' }],
    });
  });

  it('is a page that marks every false claim', () => {
    const text = page('Versions: old.\n\n| what | count |\n', OUTCOMES, { torch: '2.13.0' });
    expect(text).toContain('Versions: torch 2.13.0.');
    expect(text).toContain('| wrong | symmetric | exact | **false**: loss 1e-2, ΔW 3e-1 |');
    expect(text).toContain('- not here: not installed: schedulefree');
  });
});
