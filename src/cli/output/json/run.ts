import { variantName } from '../../../experiment/variants/draws';
import { weightDeviations } from '../../../experiment/verdict/deviations';
import type { ExperimentSpec, Fit, RunResult, TrainedRun } from '../../../experiment/spec';
import type { Verdict } from '../../../experiment/verdict/verdict';

/**
 * `check --json`: the verdict, what was trained, every variant's losses (before each step) and its largest relative deviation; the seed of
 * each where there are several, and the learning rate that fits best where nothing else can be moved.
 */
export function runJson(spec: ExperimentSpec, result: RunResult, verdict: Verdict, why: string): object {
  return {
    verdict: verdict.kind,
    task: spec.task,
    steps: spec.steps,
    backend: result.backend,
    variants: spec.variants.map((variant, index) => ({
      name: variantName(variant),
      ...(spec.seeds.length > 1 ? { seed: spec.seeds[variant.draw] } : {}),
      loss: result.losses[index] ?? [],
      maxDeviation: verdict.deviations[index] ?? null,
    })),
    ...(result.fit ? { fit: fitJson(spec, result.fit) } : {}),
    proof: verdict.proof && { k: verdict.proof.k, identical: verdict.proof.identical },
    why,
    ms: result.ms,
  };
}

/** The rate itself and its factor on the base's; how far its curve is from the base's at the most; its losses. */
function fitJson({ variants }: ExperimentSpec, { lr, deviation, losses }: Fit): object {
  const base = variants.find(({ role }) => role === 'base')?.a.lr;
  return { lr: base === undefined ? null : base * lr, factor: lr, maxDeviation: deviation, loss: losses };
}

/** `sweep --json`: as {@link runJson}, and the weights' largest relative deviation from the base at the end (0 = same bits). */
export function sweepJson(spec: ExperimentSpec, result: TrainedRun, verdict: Verdict, why: string): object {
  const weights = weightDeviations(spec.variants, result.weights).filter(
    (_, index) => spec.variants[index]?.role !== 'control',
  );
  return { ...runJson(spec, result, verdict, why), weightDeviation: Math.max(0, ...weights) };
}
