import type { ExperimentSpec, RunResult, VariantRole, VariantSpec, TrainedRun } from '../spec';
import type { WeightBlock } from '../tasks/task';

/**
 * |loss − base| / |base| at every step. Two NaNs count as equal.
 * @param least lower limit of the |base| that is divided by
 */
export function deviationsOf(losses: readonly number[], base: readonly number[], least = 0): number[] {
  return losses.map((loss, step) => {
    const reference = base[step] ?? Number.NaN;
    if (Object.is(loss, reference)) return 0;
    const deviation = Math.abs(loss - reference) / Math.max(Math.abs(reference), least);
    return Number.isNaN(deviation) ? Number.POSITIVE_INFINITY : deviation;
  });
}

/** Lower limit for a vanishing loss; below it, rounding error would look like a difference. */
export function vanishing([first = 0]: readonly number[]): number {
  return 1e-5 * Math.abs(first);
}

export function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

export interface Break {
  step: number;
  what: 'infinity' | 'nan';
}

export function breakOf(losses: readonly number[]): Break | null {
  const index = losses.findIndex((loss) => !Number.isFinite(loss));
  return index < 0 ? null : { step: index + 1, what: Number.isNaN(losses[index]) ? 'nan' : 'infinity' };
}

export interface TrainedVariant {
  variant: VariantSpec;
  losses: readonly number[];
  steps: readonly number[];
  deviation: number;
}

/** The runs of one draw. */
export interface DrawRuns {
  draw: number;
  batches: number;
  base: TrainedVariant;
  of(role: VariantRole): TrainedVariant[];
  /** Index of a variant in the spec → its deviation at every step. */
  all: ReadonlyMap<number, readonly number[]>;
}

export function runsOfDraw(
  { variants, batches }: ExperimentSpec,
  { losses }: Pick<RunResult, 'losses'>,
  draw: number,
): DrawRuns {
  const drawn = variants.flatMap((variant, i) => (variant.draw === draw ? [{ variant, i }] : []));
  const from = drawn.find(({ variant }) => variant.role === 'base') ?? drawn[0];
  if (!from) throw new Error(`no variant belongs to draw ${draw}`);
  const base = losses[from.i] ?? [];
  const curves = drawn.map(({ variant, i }) => {
    const own = losses[i] ?? [];
    const steps = deviationsOf(own, base, vanishing(base));
    return { i, curve: { variant, losses: own, steps, deviation: largest(steps) } };
  });
  return {
    draw,
    batches,
    base: { variant: from.variant, losses: base, steps: [], deviation: 0 },
    of: (role) => curves.filter(({ curve }) => curve.variant.role === role).map(({ curve }) => curve),
    all: new Map(curves.map(({ i, curve }) => [i, curve.steps])),
  };
}

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
    const base = variants.findIndex((other) => other.role === 'base' && other.draw === draw);
    const matrices = weights[Math.max(0, base)] ?? [];
    const each = weights[variant]?.map((matrix, i) => deviation(matrix, matrices[i])) ?? [Number.NaN];
    return Math.max(0, ...each);
  });
}

function deviation(values: Float64Array, base = new Float64Array(values.length)): number {
  const most = (numbers: Float64Array): number => numbers.reduce((sofar, value) => Math.max(sofar, Math.abs(value)), 0);
  const difference = most(values.map((value, i) => value - (base[i] ?? 0)));
  return difference === 0 ? 0 : difference / most(base);
}
