import { readFileSync } from 'node:fs';
import { chooseBackend } from '../../src/experiment/backends/choose';
import { cpu } from '../../src/experiment/backends/cpu';
import type { ExperimentSpec, FactorHyper } from '../../src/experiment/spec';
import { linearTask } from '../../src/experiment/tasks/regression';
import { train } from '../../src/experiment/training/train';
import { OPTIMIZER_ROWS } from '../../src/recipe/optimizers/optimizers';
import { quiet, spec, variant } from '../unit/experiment/support/lab';

/**
 * Our own trajectories for packages/ours.py, JSON in and out: the optimizer table, and for each run its losses and its
 * factors after the last step. A run under a row that is not trained here gives an error in its place.
 */

type Run = ExperimentSpec['optimizer'] & Record<'a' | 'b', FactorHyper> & { scaling: number };

interface Request {
  /** One layer, y = W0·x + s·B·A·x, against fixed targets by the mean square; all matrices row-major. */
  problem: Record<'width' | 'batch' | 'rank', number> & Record<'inputs' | 'targets' | 'frozen' | 'a' | 'b', number[]>;
  steps: number;
  runs: Run[];
}

/** Weights: A, [rank, width], then Bᵀ, [rank, width], row-major. */
type Trajectory = Record<'losses' | 'weights', number[]>;

async function main(): Promise<void> {
  const { problem, steps, runs } = JSON.parse(readFileSync(0, 'utf8')) as Request;
  await chooseBackend('cpu', [cpu], '');
  const answers: (Trajectory | { error: string })[] = [];
  for (const run of runs) {
    const failed = (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) });
    answers.push(await trajectory(problem, run, steps).catch(failed));
  }
  process.stdout.write(`${JSON.stringify({ rows: OPTIMIZER_ROWS, runs: answers })}\n`);
}

async function trajectory(problem: Request['problem'], run: Run, steps: number): Promise<Trajectory> {
  const { scaling, a, b, ...optimizer } = run;
  const { inputs, targets, frozen, width, batch, rank } = problem;
  const asked = spec({ steps, optimizer, variants: [variant({ scaling, a, b })] });
  const floats = (values: number[]): Float32Array => Float32Array.from(values);
  const adapters = [{ a: floats(problem.a), b: floats(problem.b) }];
  const layers = [{ inputs: width, outputs: width, frozen: floats(frozen) }] as const;
  const drawn = { batch, rank, batches: 1, layers, draws: [{ inputs: floats(inputs), targets, adapters }] };
  const task = linearTask(drawn, asked.variants, 'mse');
  try {
    const { losses, weights } = await train(asked, task, quiet);
    return { losses: losses[0] ?? [], weights: weights.flatMap((block) => [...block]) };
  } finally {
    task.dispose();
  }
}

void main();
