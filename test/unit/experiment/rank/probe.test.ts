import { beforeAll, describe, expect, it } from 'vitest';
import { embeddingOf } from '../../../../src/recipe/rank/embedding';
import { rankPlans } from '../../../../src/recipe/rank/plan';
import { OPTIMIZER_ROWS } from '../../../../src/recipe/optimizers/optimizers';
import { scalingOf, type Recipe } from '../../../../src/recipe/recipe';
import { controlSpec, QUICK, rankSpec, trainedRanks, type ProbeSize } from '../../../../src/experiment/rank/specs';
import {
  CONTROL_HOLDS,
  controlOf,
  probe,
  rateCurve,
  trainings,
  type Probe,
} from '../../../../src/experiment/rank/probe';
import { rankVerdict } from '../../../../src/experiment/words/rank-words';
import type { ExperimentSpec } from '../../../../src/experiment/spec';
import type { OptimizerRow } from '../../../../src/recipe/optimizers/optimizer-row';
import { asTrained } from '../../../../src/config/plan/as-trained';
import { readConfig } from '../../../../src/config/read';
import { AXOLOTL } from '../../../support/axolotl';
import { optimizerOf, recipeWith } from '../../../support/recipe';
import { run } from '../support/lab';

const train = (spec: ExperimentSpec): ReturnType<typeof run> => run(spec);
const SMALL: ProbeSize = { ...QUICK, task: 'linear', steps: 24, draws: 2 };

function recipeOf(row: OptimizerRow, fields: Partial<Recipe> = {}): Recipe {
  const options = row.id === 'muon' ? { matchRms: 1 } : {};
  const optimizer = optimizerOf(row, { weightDecay: row.decay === 'none' ? null : 0.05, options });
  return recipeWith({ rank: 4, alpha: 8, scaling: 2, optimizer, scheduler: 'constant', warmup: 0, ...fields });
}

describe("A's rows repeated, trained", () => {
  const withEmbedding = OPTIMIZER_ROWS.filter((row) => embeddingOf(row, { matchRms: 1 }) !== null);

  it.each(withEmbedding.map((row) => [row.id, row] as const))('is the same run under %s', async (id, row) => {
    const rate = row.constants.some(({ constant }) => constant === 'd0') ? 0 : row.d === 1 ? -2 : row.e === 1 ? -6 : -8;
    const recipe = recipeOf(row, { maxGradNorm: 0.2, maxGradValue: 0.02 });
    const spec = { ...rankSpec(recipe, 4, 2, [rate], SMALL, { backend: 'wasm' }), width: 16, batches: 4 };
    const base = await run(spec);
    for (const m of [2, 3]) {
      const control = controlSpec(spec, recipe, 4 * m);
      expect(control).not.toBeNull();
      if (!control) continue;
      const { losses } = await run(control);
      const own = base.losses.filter((_, i) => spec.variants[i]?.name.startsWith(`${2 ** rate}@`));
      const off = losses.flatMap((curve, draw) =>
        curve.map((loss, step) => Math.abs(loss / (own[draw]?.[step] ?? NaN) - 1)),
      );
      expect(Math.max(...off), `${id} at m = ${m}`).toBeLessThan(2e-4);
      // And the optimizer does something.
      expect(losses[0]?.at(-1)).not.toBe(losses[0]?.at(-5));
    }
  });
});

describe('nested draws', () => {
  it('train the same first rows at every rank', async () => {
    const row = OPTIMIZER_ROWS.find(({ id }) => id === 'sgd');
    if (!row) throw new Error('no sgd');
    const frozen = { ...SMALL, steps: 1 };
    for (const task of ['linear', 'mlp', 'transformer'] as const) {
      const of = (rank: number): Promise<{ weights: Float64Array[][] }> =>
        run(rankSpec(recipeOf(row), rank, 2, [], { ...frozen, task }, { backend: 'wasm' }));
      const [small, large] = [await of(4), await of(8)];
      const [a, b] = [small.weights[1], large.weights[1]];
      a?.forEach((matrix, i) => {
        if (matrix.every((value) => value === 0)) return;
        expect([...(b?.[i] ?? [])].slice(0, matrix.length)).toEqual([...matrix]);
      });
      expect(a?.length).toBeGreaterThan(1);
    }
  });

  it('keep both ranks within the width of the model', () => {
    expect(trainedRanks(16, 64)).toEqual({ from: 16, to: 64 });
    expect(trainedRanks(64, 256)).toEqual({ from: 16, to: 64 });
    expect(trainedRanks(32, 8)).toEqual({ from: 32, to: 8 });
  });
});

describe('the control', () => {
  it('holds where training amplifies rounding, and shows one wrong number', async () => {
    const recipe = recipeWith({ rank: 16, alpha: 16, scaling: 1, maxGradNorm: null, dropout: 0.05 });
    const size = { ...QUICK, draws: 1 };
    const small = { scaling: 1, curve: await rateCurve(recipe, 16, 1, { size, train }) };
    const ranks = { from: 16, to: 64 };
    expect(await controlOf(recipe, small, ranks, { size, train })).toBeLessThan(CONTROL_HOLDS / 10);
    // As if the learning rate of B had a power of m.
    const wrong = (spec: ExperimentSpec): ReturnType<typeof run> => {
      const variants = spec.variants.map((one) => ({ ...one, b: { ...one.b, lr: one.b.lr * 2 } }));
      return train({ ...spec, variants });
    };
    expect(await controlOf(recipe, small, ranks, { size, train: wrong })).toBeGreaterThan(10 * CONTROL_HOLDS);
  });
});

describe('a curve that stays low at an end', () => {
  it('is no reason to be undecided, where only attention is adapted', async () => {
    const reading = readConfig(AXOLOTL, 'axolotl.yml');
    const [recipe] = reading.recipes.map((own) => asTrained(AXOLOTL, reading, own));
    if (!recipe) throw new Error('no recipe');
    const plans = rankPlans(recipe, 64).filter(({ rule }) => ['keep-alpha', 'scaling-kept'].includes(rule));
    const found = await probe(recipe, plans, { size: QUICK, train });
    const said = Object.fromEntries((found?.plans ?? []).map(({ plan, transfer }) => [plan.rule, transfer.verdict]));
    expect(said).toEqual({ 'keep-alpha': 'flat', 'scaling-kept': 'moves' });
  });

  it('is trained on to learning rates where it rises', async () => {
    const size = { ...SMALL, octaves: 0.5, rates: 3 };
    const { points, starts } = await rateCurve(recipeWith({ warmup: 0 }), 8, 2, { size, train });
    const rates = points.map(({ rate }) => rate);
    expect(rates.length).toBeGreaterThan(3);
    expect(rates.toSorted((one, other) => one - other)).toEqual(rates);
    expect(points.map(({ losses }) => losses.length)).toEqual(rates.map(() => starts.length));
  });
});

describe('the probe', () => {
  const recipe = recipeWith({ rank: 8, alpha: 16, scaling: 2, scheduler: 'constant', warmup: 0, maxGradNorm: null });
  const plans = rankPlans(recipe, 32);
  let found: Probe | null;
  beforeAll(async () => {
    const size = { ...QUICK, task: 'linear', steps: 40 } as const;
    found = await probe(recipe, plans, { size, train });
  });

  it('finds that under AdamW the best learning rate stays with alpha kept, and falls with the scaling kept', () => {
    const shiftOf = (rule: string): number =>
      found?.plans.find(({ plan }) => plan.rule === rule)?.transfer.shift ?? NaN;
    expect(shiftOf('keep-alpha')).toBeGreaterThan(0.6);
    expect(shiftOf('keep-alpha')).toBeLessThan(1.7);
    expect(shiftOf('scaling-kept')).toBeLessThan(0.75 * shiftOf('keep-alpha'));
  });

  it('holds the control, and says that a test model was measured', () => {
    expect(found?.control).toBeLessThan(1e-3);
    const words = found && rankVerdict(found);
    expect(words?.headline).toMatch(/^Test model, 40 steps: /);
    expect(words?.evidence).toMatch(/^With alpha kept .*With alpha 64 /);
    expect(words?.aside).toContain('Your model may differ');
  });

  it('lets the scaling follow the rule of the trainer, and counts its trainings', () => {
    expect(found?.to.map(({ scaling }) => scaling)).toEqual(
      expect.arrayContaining([scalingOf('standard', 16, 32), scalingOf('standard', 64, 32)]),
    );
    expect(trainings(plans)).toBe(9);
  });
});
