import { util } from '@tensorflow/tfjs-core';
import type { Backend } from './backends/backend';
import { chooseBackend } from './backends/choose';
import { drawProblem, type Problem } from './draw';
import type { BackendId, ExperimentSpec, RunResult } from './spec';
import { linearTask } from './tasks/linear';
import { train, type TrainHooks } from './train';

export interface RunOptions extends TrainHooks {
  /** Backends in the bundle. */
  backends: readonly Backend[];
  /** Where the wasm files are: a folder (path or URL), or a JSON object of file name → URL. */
  assets: string;
  /** Called when the backend is up and the first step is about to be taken. */
  onStart(start: { backend: BackendId; note: string | null }): void;
}

/**
 * Trains what the spec says, or the part of it that was done when `isStopped` said so.
 * @throws Error when no backend starts or the spec names an optimizer that cannot be trained here
 */
export async function runExperiment(spec: ExperimentSpec, options: RunOptions): Promise<RunResult> {
  const started = util.now();
  const { backend, note } = await chooseBackend(spec.backend, options.backends, options.assets);
  const task = linearTask(drawProblem(spec), spec.variants, spec.loss);
  try {
    options.onStart({ backend: backend.id, note });
    const { losses, weights, stopped } = await train(spec, task, options, backend.flushSteps);
    return {
      backend: backend.id,
      losses,
      weightDeviation: weightDeviations(spec, weights),
      stopped,
      ms: util.now() - started,
    };
  } finally {
    task.dispose();
  }
}

/**
 * How far each variant's p·A and q·B lie from the base's: the largest difference of an element, relative to the
 * largest element of that factor. 0 = the same bits.
 * @param weights [2, variants, rank, width]
 */
export function weightDeviations(
  { variants, rank, width }: Pick<ExperimentSpec, 'variants'> & Pick<Problem, 'rank' | 'width'>,
  weights: Float32Array,
): number[] {
  const size = rank * width;
  const base = Math.max(
    0,
    variants.findIndex(({ role }) => role === 'base'),
  );
  const of = (factor: number, variant: number): Float32Array => {
    const start = (factor * variants.length + variant) * size;
    return weights.subarray(start, start + size);
  };
  return variants.map(({ gauge }, variant) =>
    Math.max(deviation(of(0, variant), of(0, base), gauge.p), deviation(of(1, variant), of(1, base), gauge.q)),
  );
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
