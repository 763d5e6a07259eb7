import type { VariantSpec } from '../spec';
import type { WeightBlock } from '../tasks/task';

/**
 * Deviation of each variant's p·A and q·B from the baseline of its draw: the largest difference of an element, relative
 * to the largest element of the matrix. 0 = the same bits. DoRA's magnitudes are compared without a factor.
 * @param weights of each block, [parameters, variants, rows, columns]
 */
export function weightDeviations(
  variants: readonly VariantSpec[],
  blocks: readonly WeightBlock[],
  weights: readonly Float32Array[],
): number[] {
  return variants.map(({ gauge, draw }, variant) => {
    const isBase = (other: VariantSpec): boolean => other.role === 'base' && other.draw === draw;
    const base = Math.max(0, variants.findIndex(isBase));
    const scale = { A: gauge.p, B: gauge.q, m: 1 };
    const each = blocks.flatMap(({ rows, columns, parameters }, i) =>
      parameters.map(({ factor }, parameter) => {
        const of = (which: number): Float32Array => {
          const start = (parameter * variants.length + which) * rows * columns;
          return weights[i]?.subarray(start, start + rows * columns) ?? new Float32Array();
        };
        return deviation(of(variant), of(base), scale[factor]);
      }),
    );
    return Math.max(0, ...each);
  });
}

function deviation(values: Float32Array, base: Float32Array, gauge: number): number {
  let largest = 0;
  let difference = 0;
  values.forEach((value, i) => {
    const reference = base[i] ?? 0;
    largest = Math.max(largest, Math.abs(reference));
    difference = Math.max(difference, Math.abs(gauge * value - reference));
  });
  if (difference === 0) return 0;
  return largest === 0 ? Number.POSITIVE_INFINITY : difference / largest;
}
