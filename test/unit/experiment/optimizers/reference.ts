import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from '../../../../src/experiment/backends/backend';
import { chooseBackend } from '../../../../src/experiment/backends/choose';
import type { MlpProblem } from '../../../../src/experiment/draw/mlp';
import { linearTask } from '../../../../src/experiment/tasks/regression';
import { train, type Trained } from '../../../../src/experiment/training/train';
import type { FactorHyper, RateSchedule, VariantSpec } from '../../../../src/experiment/spec';
import { ASSETS, spec, variant } from '../support/lab';

/** A run of a published optimizer; reference.py makes them and says what the numbers mean. */
export interface ReferenceCase {
  id: string;
  row: string;
  betas: [number, number];
  momentum: number;
  nesterov: boolean;
  options: Record<string, number>;
  a: FactorHyper;
  b: FactorHyper;
  schedule: RateSchedule | null;
  /** B starts from the file's numbers, in place of zero. */
  filled?: boolean;
  losses: number[];
  final: { a: number[]; b: number[] };
}

interface Reference {
  steps: number;
  width: number;
  batch: number;
  rank: number;
  scaling: number;
  start: Record<'x' | 'y' | 'w0' | 'a', number[]> & { b?: number[] };
  cases: ReferenceCase[];
}

/** The cases of a file beside this one, each case's own run, how far from it we train, and its twins trained beside it. */
export function referenceOf(file: string): {
  cases: readonly ReferenceCase[];
  baseOf: (golden: ReferenceCase) => VariantSpec;
  distanceFrom: (golden: ReferenceCase, backend: Backend) => Promise<number>;
  trainCase: (golden: ReferenceCase, variants: VariantSpec[], backend: Backend) => Promise<Trained>;
} {
  const reference = JSON.parse(readFileSync(join(__dirname, file), 'utf8')) as Reference;
  return {
    cases: reference.cases,
    baseOf: (golden) => baseOf(reference, golden),
    distanceFrom: (golden, backend) => distanceFrom(reference, golden, backend),
    trainCase: (golden, variants, backend) => trainCase(reference, golden, variants, backend),
  };
}

function baseOf({ scaling }: Reference, { a, b }: ReferenceCase): VariantSpec {
  return variant({ scaling, a, b });
}

function problemOf({ width, batch, rank, start }: Reference, isFilled: boolean): MlpProblem {
  return {
    batch,
    batches: 1,
    rank,
    layers: [{ inputs: width, outputs: width, frozen: Float32Array.from(start.w0) }],
    draws: [
      {
        inputs: Float32Array.from(start.x),
        targets: start.y,
        adapters: [
          {
            a: Float32Array.from(start.a),
            b: isFilled && start.b ? Float32Array.from(start.b) : new Float32Array(width * rank),
          },
        ],
      },
    ],
  };
}

/** Trains variants side by side on the file's problem, with the case's optimizer. */
async function trainCase(
  reference: Reference,
  { row, betas, momentum, nesterov, options, schedule, filled = false }: ReferenceCase,
  variants: VariantSpec[],
  backend: Backend,
): Promise<Trained> {
  const { steps, width, batch, rank } = reference;
  const settings = spec({
    ...{ steps, width, batch, rank, variants },
    optimizer: { row, betas, momentum, nesterov, options },
    schedule: schedule ?? { kind: 'constant', warmupSteps: 0 },
  });
  await chooseBackend(backend.id, [backend], ASSETS);
  const task = linearTask(problemOf(reference, filled), settings.variants, 'mse');
  try {
    return await train(settings, task, {
      isStopped: () => false,
      pause: () => Promise.resolve(),
      onPoints: () => undefined,
    });
  } finally {
    task.dispose();
  }
}

/** How far our float32 run is from the case's losses and last weights, relative to the largest of each. */
async function distanceFrom(reference: Reference, golden: ReferenceCase, backend: Backend): Promise<number> {
  const { losses, weights } = await trainCase(reference, golden, [baseOf(reference, golden)], backend);
  const [all = new Float32Array()] = weights;
  const { rank, width } = reference;
  const size = rank * width;
  // B is kept transposed.
  const elementOfB = (i: number): number => all[size + (i % rank) * width + Math.floor(i / rank)] ?? Number.NaN;
  return Math.max(
    distance(losses[0] ?? [], golden.losses),
    distance([...all.subarray(0, size)], golden.final.a),
    distance(
      Array.from({ length: size }, (_, i) => elementOfB(i)),
      golden.final.b,
    ),
  );
}

function distance(mine: readonly number[], theirs: readonly number[]): number {
  const size = Math.max(...theirs.map(Math.abs));
  return Math.max(...theirs.map((value, i) => Math.abs((mine[i] ?? Number.NaN) - value))) / size;
}
