import * as v from 'valibot';
import { expect, test } from 'vitest';
import { losses } from '../../../src/experiment/spec';

test('losses of a run that explodes pass, as they are and through JSON', () => {
  const exploded = [[1, 2e38, Infinity, NaN]];
  expect(v.parse(losses, structuredClone(exploded))).toEqual(exploded);
  expect(v.parse(losses, JSON.parse(JSON.stringify(exploded)))).toEqual([[1, 2e38, NaN, NaN]]);
});

test('what is no number is refused', () => {
  expect(v.safeParse(losses, [['1']]).success).toBe(false);
  expect(v.safeParse(losses, [[undefined]]).success).toBe(false);
});
