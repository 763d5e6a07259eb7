import type { AdapterModule } from '../adapter';

/** A fixed vector of signs. */
function signs(length: number, seed: number): Float64Array {
  let state = Math.imul(length, 2 * seed + 1) | 1;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state < 0 ? -1 : 1;
  });
}

/** Vectors that a module is applied to: more to a small one, of which one says less. */
export const probesOf = ({ a }: AdapterModule): number => (a.at.length < 1e6 ? 8 : 1);

/** B·(A·x) for each x. */
export type Applied = readonly Float64Array[];

type Numbers = Float32Array | Float64Array;

/** B·(A·x) for each of the vectors x, of factors as a file has them. */
export function product(
  { rank, isTransposed }: Pick<AdapterModule, 'rank' | 'isTransposed'>,
  a: Numbers,
  b: Numbers,
  probes: number,
): Applied {
  const [width, height] = [a.length / rank, b.length / rank];
  return Array.from({ length: probes }, (_, seed) => {
    const inner = times(a, signs(width, seed), rank, isTransposed);
    return times(b, inner, height, isTransposed);
  });
}

/** A matrix times a vector; `isTransposed`: its rows are columns in the file. */
function times(matrix: Numbers, x: Float64Array, height: number, isTransposed: boolean): Float64Array {
  const width = x.length;
  const y = new Float64Array(height);
  for (let i = 0; i < height; i++) {
    let sum = 0;
    if (isTransposed) for (let j = 0; j < width; j++) sum += (matrix[j * height + i] ?? 0) * (x[j] ?? 0);
    else for (let j = 0, at = i * width; j < width; j++) sum += (matrix[at + j] ?? 0) * (x[j] ?? 0);
    y[i] = sum;
  }
  return y;
}
