import { runExperiment } from '../../src/experiment/run';
import type { ExperimentSpec } from '../../src/experiment/spec';
import { sweepSpec } from '../../src/experiment/specs/sweep';
import { recipeWith } from '../support/recipe';
import { optionsFor, type Bench, type Row, inTurns } from './rows';

const ALPHAS = 64;
/** So many runs of one alpha must cost more than one run of all. */
const SINGLE_RUNS = 8;
const ROUNDS = 7;

/** A recipe swept over 64 alphas, in one stacked run, against runs of one alpha each: base and controls ride in both. */
export async function sweepOfMany({ assets }: Bench): Promise<Row> {
  const many = specOf(Array.from({ length: ALPHAS }, (_, i) => i + 1));
  const one = specOf([ALPHAS]);
  const best = await inTurns(
    ROUNDS,
    Math.min,
    () => trainingMs(many, assets),
    () => trainingMs(one, assets),
  );
  const single = best.torch ?? Number.NaN;
  const name = `${ALPHAS} alphas at once, beside ${SINGLE_RUNS} runs of one (ms)`;
  return { name, ours: best.ours, torch: null, ratio: (SINGLE_RUNS * single) / best.ours, goal: 1 };
}

function specOf(alphas: readonly number[]): ExperimentSpec {
  return sweepSpec({ alphas, recipe: recipeWith(), backend: 'wasm' }).spec;
}

async function trainingMs(spec: ExperimentSpec, assets: string): Promise<number> {
  const start = performance.now();
  await runExperiment(spec, optionsFor(assets));
  return performance.now() - start;
}
