import { describe, expect, it } from 'vitest';
import { claimed } from '../../../../src/experiment/verdict/verdict';
import type { Claim } from '../../../../src/config/plan/claim';
import { lookOf } from '../../../../src/experiment/words/verdict-words';
import { verdictOf } from '../support/verdict';

const EXACT: Claim = { asRead: 'exact', limit: null, notUnderstood: [] };
const PLACE = { line: 3, source: 'x', why: 'It trains.', range: { start: 0, end: 1 }, mayMove: false };

describe('the verdict on the user’s run', () => {
  it.each([
    ['identical', EXACT, 'identical', 'identical'],
    ['equivalent', EXACT, 'equivalent', 'equivalent'],
    ['identical', { ...EXACT, notUnderstood: [PLACE] }, 'undecided', 'undecided'],
    ['equivalent', { ...EXACT, asRead: 'approximate' as const }, 'undecided', 'undecided'],
    ['identical', { ...EXACT, asRead: 'nearly' as const }, 'undecided', 'nearly'],
    ['different', { ...EXACT, notUnderstood: [PLACE] }, 'different', 'different'],
  ] as const)('%s with %j is %s', (kind, claim, expected, look) => {
    const found = claimed(verdictOf(kind), claim);
    expect([found.kind, lookOf(found)]).toEqual([expected, look]);
  });
});
