import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { chooseBackend } from '../../src/experiment/backends/choose';
import { cpu } from '../../src/experiment/backends/cpu';
import type { MlpProblem } from '../../src/experiment/draw/mlp';
import type { FactorHyper } from '../../src/experiment/spec';
import { linearTask } from '../../src/experiment/tasks/regression';
import { train } from '../../src/experiment/training/train';
import type { Constants } from '../../src/recipe/optimizers/constants';
import { OPTIMIZER_ROWS } from '../../src/recipe/optimizers/optimizers';
import { quiet, spec, variant } from '../unit/experiment/support/lab';

/**
 * Our own trajectories for a program in another language, JSON in and out: the optimizer table, and for each run its
 * losses and its factors after the last step. A run under a row that is not trained here gives an error in its place.
 */

const numbers = v.array(v.number());

const factor = v.object({
  lr: v.number(),
  weightDecay: v.number(),
  constants: v.record(v.string(), v.number()),
  early: v.optional(numbers),
});

const run = v.object({
  row: v.string(),
  scaling: v.number(),
  betas: v.tuple([v.number(), v.number()]),
  momentum: v.number(),
  nesterov: v.boolean(),
  options: v.record(v.string(), v.number()),
  a: factor,
  b: factor,
});

const request = v.object({
  /** One layer, y = W0·x + s·B·A·x, against fixed targets by the mean square; all matrices row-major. */
  problem: v.object({
    width: v.number(),
    batch: v.number(),
    rank: v.number(),
    inputs: numbers,
    targets: numbers,
    frozen: numbers,
    a: numbers,
    b: numbers,
  }),
  steps: v.number(),
  runs: v.array(run),
});

type Request = v.InferOutput<typeof request>;
type Run = v.InferOutput<typeof run>;

interface Trajectory {
  losses: number[];
  /** A, [rank, width], then Bᵀ, [rank, width], row-major. */
  weights: number[];
}

async function main(): Promise<void> {
  const { problem, steps, runs } = v.parse(request, JSON.parse(readFileSync(0, 'utf8')));
  await chooseBackend('cpu', [cpu], '');
  const drawn = drawnOf(problem);
  const answers: (Trajectory | { error: string })[] = [];
  for (const wanted of runs) {
    answers.push(
      await trajectory(drawn, wanted, steps).catch((error: unknown) => ({
        error: error instanceof Error ? error.message : String(error),
      })),
    );
  }
  process.stdout.write(`${JSON.stringify({ rows: OPTIMIZER_ROWS, runs: answers })}\n`);
}

function drawnOf({ inputs, targets, frozen, a, b, width, ...sizes }: Request['problem']): MlpProblem {
  return {
    ...sizes,
    batches: 1,
    layers: [{ inputs: width, outputs: width, frozen: Float32Array.from(frozen) }],
    draws: [
      {
        inputs: Float32Array.from(inputs),
        targets,
        adapters: [{ a: Float32Array.from(a), b: Float32Array.from(b) }],
      },
    ],
  };
}

async function trajectory(problem: MlpProblem, wanted: Run, steps: number): Promise<Trajectory> {
  const { row, betas, momentum, nesterov, options, scaling } = wanted;
  const asked = spec({
    steps,
    optimizer: { row, betas, momentum, nesterov, options },
    variants: [variant({ scaling, a: hyperOf(wanted.a), b: hyperOf(wanted.b) })],
  });
  const task = linearTask(problem, asked.variants, 'mse');
  try {
    const { losses, weights } = await train(asked, task, quiet);
    return { losses: losses[0] ?? [], weights: weights.flatMap((block) => [...block]) };
  } finally {
    task.dispose();
  }
}

function hyperOf({ lr, weightDecay, constants, early }: Run['a']): FactorHyper {
  return { lr, weightDecay, constants: constants as Constants, ...(early ? { early } : {}) };
}

void main();
