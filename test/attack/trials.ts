import { runExperiment, type RunOptions } from '../../src/experiment/run';
import type { ExperimentSpec, VariantSpec } from '../../src/experiment/spec';
import { runVerdict, type Verdict } from '../../src/experiment/verdict/verdict';
import type { OptimizerRow } from '../../src/recipe/optimizers/optimizer-row';

/** A plan to check, and the runs that test it. */
export interface Trial<T> {
  about: T;
  variants: readonly VariantSpec[];
  /** The rule that the plan claims to follow. */
  row: OptimizerRow;
}

/**
 * Trains what all trials need in one stacked run, each variant once, and compares every trial's own.
 * @param toy everything of the spec but its variants
 */
export async function verdicts<T>(
  toy: Omit<ExperimentSpec, 'variants'>,
  trials: readonly Trial<T>[],
  options: RunOptions,
): Promise<{ about: T; verdict: Verdict }[]> {
  const indices = new Map<string, number>();
  const distinct: VariantSpec[] = [];
  const indexOf = (variant: VariantSpec): number => {
    const key = JSON.stringify({ ...variant, name: '', role: '', gauge: null });
    const known = indices.get(key);
    if (known !== undefined) return known;
    indices.set(key, distinct.length);
    return distinct.push({ ...variant, name: `run-${distinct.length + 1}` }) - 1;
  };
  const cast = trials.map(({ variants }) => variants.map(indexOf));
  const { losses } = await runExperiment({ ...toy, variants: distinct }, options);
  return trials.map(({ about, variants, row }, i) => {
    const own = (cast[i] ?? []).map((index) => losses[index] ?? []);
    return { about, verdict: runVerdict({ ...toy, variants }, { losses: own }, row) };
  });
}
