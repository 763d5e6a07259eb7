import { dot, orthogonal, type Rows } from './factors';

/** Rotations reach the last bits after 6 to 10 rounds; this many are never needed. */
const MOST_ROUNDS = 60;

/** Relative: two rows this near to a right angle are at one. */
const RIGHT_ANGLE = 1e-15;

/** The singular values of B·A, the largest first; null where a number is not finite. */
export function singularOf({ a, b }: { a: Rows; b: Rows }): number[] | null {
  const [left, right] = [orthogonal(b).triangle, orthogonal(a).triangle];
  const core = left.map((_, i) => {
    const row = new Float64Array(right.length);
    left.forEach((from, k) => {
      const weight = from[i] ?? 0;
      right[k]?.forEach((x, j) => (row[j] = (row[j] ?? 0) + weight * x));
    });
    return row;
  });
  return core.some((row) => row.some((x) => !Number.isFinite(x))) ? null : lengthsOf(core);
}

/**
 * Rotates each two rows until all are at right angles: then their lengths are the singular values, small ones as exact
 * as large ones (Hestenes 1958; Demmel and Veselić 1992). `rows` change.
 */
function lengthsOf(rows: readonly Float64Array[]): number[] {
  for (let round = 0, isDone = false; round < MOST_ROUNDS && !isDone; round++) {
    isDone = true;
    rows.forEach((x, p) =>
      rows.slice(p + 1).forEach((y) => {
        const xy = dot(x, y);
        const xx = dot(x, x);
        const yy = dot(y, y);
        if (Math.abs(xy) <= RIGHT_ANGLE * rows.length * Math.sqrt(xx * yy)) return;
        isDone = false;
        const zeta = (yy - xx) / (2 * xy);
        const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const cos = 1 / Math.hypot(1, tangent);
        const sin = cos * tangent;
        for (let i = 0; i < x.length; i++) {
          const [one, other] = [x[i] ?? 0, y[i] ?? 0];
          x[i] = cos * one - sin * other;
          y[i] = sin * one + cos * other;
        }
      }),
    );
  }
  return rows.map((row) => Math.sqrt(dot(row, row))).sort((one, other) => other - one);
}
