import type { TrainedRun, VariantSpec } from '../spec';
import type { WeightBlock } from '../tasks/task';

/**
 * The matrices of each variant as the baseline has them: p·A and q·B. DoRA's magnitudes have no factor.
 * @param weights of each block, [parameters, variants, rows, columns]
 * @returns weights[variant][matrix]
 */
export function inBaseGauge(
  variants: readonly VariantSpec[],
  blocks: readonly WeightBlock[],
  weights: readonly Float32Array[],
): TrainedRun['weights'] {
  return variants.map(({ gauge }, variant) => {
    const scale = { A: gauge.p, B: gauge.q, m: 1 };
    return blocks.flatMap(({ rows, columns, parameters }, i) =>
      parameters.map(({ factor }, parameter) => {
        const start = (parameter * variants.length + variant) * rows * columns;
        const matrix = Float64Array.from(weights[i]?.subarray(start, start + rows * columns) ?? []);
        return matrix.map((value) => scale[factor] * value);
      }),
    );
  });
}

/**
 * Deviation of each variant's matrices from those of the baseline of its draw: the largest difference of an element,
 * relative to the largest element of the matrix. 0 = the same bits; NaN where a run was cut off.
 */
export function weightDeviations(variants: readonly VariantSpec[], weights: TrainedRun['weights']): number[] {
  return variants.map(({ draw }, variant) => {
    const base = Math.max(
      0,
      variants.findIndex((other) => other.role === 'base' && other.draw === draw),
    );
    const each = weights[variant]?.map((matrix, i) => deviation(matrix, weights[base]?.[i])) ?? [Number.NaN];
    return Math.max(0, ...each);
  });
}

function deviation(values: Float64Array, base = new Float64Array()): number {
  let largest = 0;
  let difference = 0;
  values.forEach((value, i) => {
    const reference = base[i] ?? 0;
    largest = Math.max(largest, Math.abs(reference));
    difference = Math.max(difference, Math.abs(value - reference));
  });
  if (difference === 0) return 0;
  return largest === 0 ? Number.POSITIVE_INFINITY : difference / largest;
}
