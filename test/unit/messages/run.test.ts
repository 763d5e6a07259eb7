import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { noRun } from '../../../src/extension/runs/runs';
import { comparisonState } from '../../../src/messages/comparison';

const side = { uri: 'file:///a.yml', network: 0 };
const run = { ...noRun(), losses: [[1, 0.5]], key: 'k' };

describe('what a comparison kept over a reload', () => {
  it.each<[string, object, unknown]>([
    ['a run', { run }, run],
    ['no run', { run: null }, null],
    ['nothing of runs, as an earlier version', {}, null],
    ['a run of another shape', { run: { view: {} } }, null],
  ])('%s', (_, kept, expected) => {
    const state = v.parse(comparisonState, { first: side, second: side, ...kept });
    expect(state).toEqual({ first: side, second: side, run: expected });
  });
});
