import type { AdapterModule, Tensor } from './adapter';
import { isFloat, numbersOf } from './files/dtype';
import { bytesOf } from './files/source';

/** `rank` vectors: the rows of A, or the columns of B. */
export type Rows = readonly Float64Array[];

/** A tensor's numbers as vectors along the axis of the rank, the first or the last; null where its type is not read. */
export async function rowsOf(tensor: Tensor, rank: number, isLast: boolean): Promise<Rows | null> {
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

/** The numbers of such vectors as a tensor has them. */
export function flat(rows: Rows, isLast: boolean): Float64Array {
  const [rank, length] = [rows.length, rows[0]?.length ?? 0];
  const made = new Float64Array(rank * length);
  rows.forEach((row, r) => {
    if (!isLast) made.set(row, r * length);
    else for (let i = 0; i < length; i++) made[i * rank + r] = row[i] ?? 0;
  });
  return made;
}

/** Whether B·A is all that the module does, and its shapes say what A and B are. */
export const isProduct = ({ kind, mid }: AdapterModule): boolean =>
  (kind === 'linear' || kind === 'conv' || kind === 'embedding') && mid === null;

export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] ?? 0) * (y[i] ?? 0);
  return sum;
}

/** Adds a multiple of a vector to another. */
export function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) + times * (what[i] ?? 0);
}

/** Each new row is a sum of the old ones with its weights. */
export const combined = (weights: Rows, rows: Rows): Rows =>
  weights.map((own) => {
    const made = new Float64Array(rows[0]?.length ?? 0);
    rows.forEach((row, j) => add(made, row, own[j] ?? 0));
    return made;
  });
