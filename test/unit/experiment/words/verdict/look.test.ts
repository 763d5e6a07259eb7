import { expect, it } from 'vitest';
import { lookOf } from '../../../../../src/experiment/words/verdict-words';

it('shows a plan that is not exact but the same run here as neither a question nor a proof', () => {
  expect(lookOf({ kind: 'undecided', reason: 'departs' })).toBe('nearly');
});

it('shows every other verdict as what it is', () => {
  expect(lookOf({ kind: 'undecided', reason: 'noisy' })).toBe('undecided');
  expect(lookOf({ kind: 'identical' })).toBe('identical');
  expect(lookOf({ kind: 'equivalent' })).toBe('equivalent');
  expect(lookOf({ kind: 'different' })).toBe('different');
});
