import type { Matrix } from 'ml-matrix';
import type { Rows } from '../factors';
import { spectrumOf } from './spectrum';

/** A factor as its file has it: row by row, with the rank first (A) or last (B). */
export function flat(rows: Rows, isLast: boolean): Float64Array {
  const [rank, length] = [rows.length, rows[0]?.length ?? 0];
  const made = new Float64Array(rank * length);
  rows.forEach((row, r) => {
    if (!isLast) made.set(row, r * length);
    else for (let i = 0; i < length; i++) made[i * rank + r] = row[i] ?? 0;
  });
  return made;
}

/** The nearest B·A of a smaller rank, √σ to each side. Null where a number is not finite. */
export async function shrunk(factors: { a: Rows; b: Rows }, rank: number): Promise<{ a: Rows; b: Rows } | null> {
  const spectrum = await spectrumOf(factors);
  if (!spectrum) return null;
  const { sigma, u, v, qa, qb } = spectrum;
  return { a: combined(qa, v, sigma, rank), b: combined(qb, u, sigma, rank) };
}

/** √σ of each direction times its combination of orthonormal rows. */
function combined(q: Rows, directions: Matrix, sigma: readonly number[], rank: number): Rows {
  return Array.from({ length: rank }, (_, k) => {
    const made = new Float64Array(q[0]?.length ?? 0);
    q.forEach((row, j) => {
      const weight = directions.get(j, k) * Math.sqrt(sigma[k] ?? 0);
      for (let i = 0; i < made.length; i++) made[i] = (made[i] ?? 0) + weight * (row[i] ?? 0);
    });
    return made;
  });
}

/** Rows of zeros behind the others. */
export const padded = (rows: Rows, rank: number): Rows => [
  ...rows,
  ...Array.from({ length: rank - rows.length }, () => new Float64Array(rows[0]?.length ?? 0)),
];
