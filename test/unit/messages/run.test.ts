import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { losses } from '../../../src/experiment/spec';
import { noRun } from '../../../src/extension/runs/runs';
import { comparisonState } from '../../../src/messages/comparison';
import { textFilter } from '../../../src/messages/recipes';

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

it('losses of a run that explodes pass, as they are and through JSON', () => {
  const exploded = [[1, 2e38, Infinity, NaN]];
  expect(v.parse(losses, structuredClone(exploded))).toEqual(exploded);
  expect(v.parse(losses, JSON.parse(JSON.stringify(exploded)))).toEqual([[1, 2e38, NaN, NaN]]);
});

it('what is no number is refused', () => {
  expect(v.safeParse(losses, [['1']]).success).toBe(false);
  expect(v.safeParse(losses, [[undefined]]).success).toBe(false);
});

it.each([
  ['', 'anything', true],
  ['  ', 'anything', true],
  ['axo 2E-4', 'llama3.yml Axolotl lr 2e-4', true],
  ['4 llama', 'llama3.yml Axolotl lr 2e-4', true],
  ['axo kohya', 'llama3.yml Axolotl lr 2e-4', false],
  ['.*', 'llama3.yml', false],
])('"%s" and "%s": %s', (filter, text, isFound) => expect(textFilter(filter)(text)).toBe(isFound));
