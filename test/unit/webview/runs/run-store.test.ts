import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RunCurves, addPoints, stepsOf } from '../../../../src/webview/runs/live-run';

test('pieces in their order make the whole', () => {
  const whole = fc.array(fc.tuple(fc.float(), fc.float()), { minLength: 1, maxLength: 40 });
  const cuts = fc.array(fc.nat({ max: 40 }), { maxLength: 6 });
  fc.assert(
    fc.property(whole, cuts, (rows, places) => {
      const all = [rows.map(([a]) => a), rows.map(([, b]) => b)];
      const bounds = [...new Set([0, ...places.filter((place) => place < rows.length), rows.length])].sort(
        (a, b) => a - b,
      );
      let curves: RunCurves | null = null;
      bounds.slice(0, -1).forEach((from, index) => {
        const losses = all.map((curve) => curve.slice(from, bounds[index + 1]));
        curves = addPoints(curves, { id: 3, from, losses });
      });
      expect(curves).toEqual({ id: 3, losses: all });
    }),
  );
});

test('points of an older run are ignored, those of a newer one start anew', () => {
  const now = addPoints(null, { id: 2, from: 0, losses: [[1, 2]] });
  expect(addPoints(now, { id: 1, from: 0, losses: [[9]] })).toEqual({ id: 2, losses: [[1, 2]] });
  expect(addPoints(now, { id: 3, from: 0, losses: [[5]] })).toEqual({ id: 3, losses: [[5]] });
});

test('a gap is noticed', () => {
  expect(addPoints(null, { id: 1, from: 4, losses: [[1]] })).toBeNull();
  const two = addPoints(null, { id: 1, from: 0, losses: [[1, 2]] });
  expect(addPoints(two, { id: 1, from: 3, losses: [[4]] })).toBeNull();
  expect(addPoints(two, { id: 2, from: 1, losses: [[4]] })).toBeNull();
});

test('points that were there already are replaced', () => {
  const three = addPoints(null, { id: 1, from: 0, losses: [[1, 2, 3]] });
  expect(addPoints(three, { id: 1, from: 1, losses: [[7, 8, 9]] })?.losses).toEqual([[1, 7, 8, 9]]);
});

test('a step counts when every curve has it', () => {
  expect(stepsOf(null)).toBe(0);
  expect(stepsOf({ id: 1, losses: [] })).toBe(0);
  expect(stepsOf({ id: 1, losses: [[1, 2], [1]] })).toBe(1);
});
