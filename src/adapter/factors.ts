import type { AdapterModule, Tensor } from './adapter';
import { isFloat, numbersOf } from './files/dtype';
import { bytesOf } from './files/source';

/** `rank` vectors: the rows of A, or the columns of B. */
export type Rows = readonly Float64Array[];

/** A tensor's numbers as vectors along the axis of the rank. */
async function rowsOf(tensor: Tensor, rank: number, isLast: boolean): Promise<Rows | null> {
  if (!isFloat(tensor.dtype)) return null;
  const numbers = numbersOf(await bytesOf(tensor), tensor.dtype);
  const length = numbers.length / rank;
  return Array.from({ length: rank }, (_, r) => {
    if (!isLast) return Float64Array.from(numbers.subarray(r * length, (r + 1) * length));
    const row = new Float64Array(length);
    for (let i = 0; i < length; i++) row[i] = numbers[i * rank + r] ?? 0;
    return row;
  });
}

/** Whether B·A is all that the module does, and its shapes say what A and B are. */
export const isProduct = ({ kind, mid }: AdapterModule): boolean =>
  (kind === 'linear' || kind === 'conv' || kind === 'embedding') && mid === null;

/** The rows of A and the columns of B; null where the module is no product, or its type is not read. */
export async function factorsOf(module: AdapterModule): Promise<{ a: Rows; b: Rows } | null> {
  if (!isProduct(module)) return null;
  const { a, b, rank, isTransposed } = module;
  // An embedding of GGUF has A as (vocab, rank).
  const [rowsA, rowsB] = [
    await rowsOf(a, rank, isTransposed || a.shape[0] !== rank),
    await rowsOf(b, rank, !isTransposed),
  ];
  return rowsA && rowsB && { a: rowsA, b: rowsB };
}

export const dot = (x: Float64Array, y: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] ?? 0) * (y[i] ?? 0);
  return sum;
};

/** Orthonormal rows `q` and a lower triangle with rows = triangle · q. */
export interface Orthogonal {
  q: Rows;
  triangle: readonly Float64Array[];
}

/** QR of the transpose, by Gram and Schmidt's way, each row cleared twice: as exact as Householder's. */
export function orthogonal(rows: Rows): Orthogonal {
  const triangle = rows.map(() => new Float64Array(rows.length));
  const q: Float64Array[] = [];
  rows.forEach((row, r) => {
    const shares = triangle[r] ?? new Float64Array();
    const left = Float64Array.from(row);
    const whole = Math.sqrt(dot(row, row));
    for (let pass = 0; pass < 2; pass++) {
      q.forEach((unit, k) => {
        const share = dot(left, unit);
        shares[k] = (shares[k] ?? 0) + share;
        for (let i = 0; i < left.length; i++) left[i] = (left[i] ?? 0) - share * (unit[i] ?? 0);
      });
    }
    const length = Math.sqrt(dot(left, left));
    // What is left of a row that the others span is rounding error.
    const isNew = !(length <= whole * 1e-14);
    shares[r] = isNew ? length : 0;
    q.push(isNew ? left.map((x) => x / length) : left.fill(0));
  });
  return { q, triangle };
}

/** ‖ΔW − ΔW′‖/‖ΔW‖ in the Frobenius norm of the nearest ΔW′ of a rank (Eckart and Young). */
export function cutError(sigma: readonly number[], rank: number): number {
  const energy = (from: number): number => sigma.slice(from).reduce((sum, x) => sum + x * x, 0);
  return energy(0) === 0 ? 0 : Math.sqrt(energy(rank) / energy(0));
}

/** How many singular values hold a share of the energy Σσ². */
export function usedFor(sigma: readonly number[], share: number): number {
  const energies = sigma.map((x) => x * x);
  const whole = energies.reduce((sum, x) => sum + x, 0);
  let held = 0;
  const used = energies.findIndex((x) => (held += x) >= share * whole * (1 - 1e-12));
  return whole === 0 ? 0 : used + 1;
}
