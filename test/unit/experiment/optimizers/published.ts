import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseBackend } from '../../../../src/experiment/backends/choose';
import type { MlpProblem } from '../../../../src/experiment/draw/mlp';
import type { BackendId, FactorHyper, RateSchedule, VariantSpec } from '../../../../src/experiment/spec';
import { linearTask } from '../../../../src/experiment/tasks/regression';
import { train } from '../../../../src/experiment/training/train';
import { deviationsOf, inBaseGauge, weightDeviations } from '../../../../src/experiment/verdict/deviations';
import { rowUnder } from '../../../../src/recipe/optimizers/early-steps';
import type { OptimizerRow } from '../../../../src/recipe/optimizers/optimizer-row';
import { optimizerRow } from '../../../../src/recipe/optimizers/optimizers';
import { quiet, spec, variant } from '../support/lab';

/** A run of a published optimizer; layer.py writes it and says what the numbers mean. */
export interface Published {
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
  layer: Layer;
}

interface Layer {
  steps: number;
  width: number;
  batch: number;
  rank: number;
  scaling: number;
  start: Record<'x' | 'y' | 'w0' | 'a', number[]> & { b?: number[] };
}

/** The cases of a file beside this one, by name. */
export function published(file: string): [string, Published][] {
  const { cases, ...layer } = JSON.parse(readFileSync(join(__dirname, file), 'utf8')) as Layer & { cases: Published[] };
  return cases.map((one) => [one.id, { ...one, layer }]);
}

/** @throws Error where there is none */
export function rowOf(id: string, betas?: readonly [number, number]): OptimizerRow {
  const row = optimizerRow(id);
  if (!row) throw new Error(`no row ${id}`);
  return betas ? rowUnder(row, betas) : row;
}

export function baseOf({ layer: { scaling }, a, b }: Published): VariantSpec {
  return variant({ scaling, a, b });
}

const floats = (values: readonly number[]): Float32Array => Float32Array.from(values);

function problemOf({ layer: { width, batch, rank, start }, filled }: Published): MlpProblem {
  const b = filled && start.b ? floats(start.b) : new Float32Array(width * rank);
  return {
    batch,
    batches: 1,
    rank,
    layers: [{ inputs: width, outputs: width, frozen: floats(start.w0) }],
    draws: [{ inputs: floats(start.x), targets: start.y, adapters: [{ a: floats(start.a), b }] }],
  };
}

export interface TrainedCase {
  losses: number[][];
  /** A and Bᵀ of every variant. */
  weights: Float32Array;
  /** How far each variant is from the first: the largest relative deviation of a loss or a matrix. */
  apart: number[];
}

/** Trains variants side by side on the case's layer, with the case's optimizer. */
export async function trainCase(one: Published, variants: VariantSpec[], backend: BackendId): Promise<TrainedCase> {
  const { row, betas, momentum, nesterov, schedule, layer } = one;
  const { steps, width, batch, rank } = layer;
  const settings = spec({
    ...{ steps, width, batch, rank, variants },
    optimizer: { row, betas, momentum, nesterov, options: { ...rowOf(row).options, ...one.options } },
    schedule: schedule ?? { kind: 'constant', warmupSteps: 0 },
  });
  await chooseBackend(backend, quiet.backends, quiet.assets);
  const task = linearTask(problemOf(one), variants, 'mse');
  try {
    const { losses, weights } = await train(settings, task, quiet);
    const [first = []] = losses;
    const ofWeights = weightDeviations(variants, inBaseGauge(variants, task.blocks, weights));
    const apart = losses.map((loss, i) => Math.max(...deviationsOf(loss, first), ofWeights[i] ?? Number.NaN));
    return { losses, weights: weights[0] ?? new Float32Array(), apart };
  } finally {
    task.dispose();
  }
}

/** How far our float32 run is from the case's losses and last weights, relative to the largest of each. */
export async function distanceFrom(one: Published, backend: BackendId): Promise<number> {
  const { losses, weights } = await trainCase(one, [baseOf(one)], backend);
  const { rank, width } = one.layer;
  const size = rank * width;
  // B is kept transposed.
  const elementOfB = (_: unknown, i: number): number =>
    weights[size + (i % rank) * width + Math.floor(i / rank)] ?? Number.NaN;
  return Math.max(
    distance(losses[0] ?? [], one.losses),
    distance([...weights.subarray(0, size)], one.final.a),
    distance(one.final.b.map(elementOfB), one.final.b),
  );
}

function distance(mine: readonly number[], theirs: readonly number[]): number {
  const size = Math.max(...theirs.map(Math.abs));
  return Math.max(...theirs.map((value, i) => Math.abs((mine[i] ?? Number.NaN) - value))) / size;
}
