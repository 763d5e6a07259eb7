import type { ExperimentSpec, RunResult } from '../experiment/spec';
import type { Verdict } from '../experiment/verdict';

/** `check --json`: the verdict, every variant's losses (before each step) and its largest relative deviation. */
export function runJson(spec: ExperimentSpec, result: RunResult, verdict: Verdict, why: string): object {
  return {
    verdict: verdict.kind,
    steps: spec.steps,
    backend: result.backend,
    variants: spec.variants.map(({ name }, index) => ({
      name,
      loss: result.losses[index] ?? [],
      maxDeviation: verdict.deviations[index] ?? null,
    })),
    proof: verdict.proof,
    why,
    ms: result.ms,
  };
}

/** `sweep --json`: as {@link runJson}, and the weights' largest relative deviation from the base at the end (0 = same bits). */
export function sweepJson(spec: ExperimentSpec, result: RunResult, verdict: Verdict, why: string): object {
  const weights = result.weightDeviation.filter((_, index) => spec.variants[index]?.role !== 'control');
  return { ...runJson(spec, result, verdict, why), weightDeviation: Math.max(0, ...weights) };
}
